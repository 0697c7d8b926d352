#include "troupe/game/rooms.hpp"

#include "tests/integration/support/game_client.hpp"
#include "tests/integration/support/http_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

namespace troupe::test {

using protocol::operation;

namespace {

constexpr std::string_view as_json = "Content-Type: application/json\r\n";

/// Tells everybody who has joined which team.
class fight : public game::room {
public:
  auto saved() { return std::tie(match_.teams); }
  void on_create(const game::options& how) override { match_ = how.as<game::match_teams>(); }
  void on_join(game::player& who, const game::options&) override {
    emit("fighter", who.id(), *match_.team_of(who.seat()));
  }

private:
  game::match_teams match_;
};

void add_fights(server& to) {
  to.rooms("/game")
      .define<fight>("fight", {.max_players = 4, .empty_time = std::chrono::milliseconds{50}})
      .define<fight>("any", {.max_players = 4})
      .matchmaking("fight", {.teams = 2, .team_size = 2});
}

struct wish {
  std::string kind = "fight";
  double rating = 1'000;
  std::uint32_t size = 1;
};
BOOST_DESCRIBE_STRUCT(wish, (), (kind, rating, size))

struct matched {
  std::string room;
  std::vector<std::string> tokens;
  std::size_t team = 0;
  std::size_t teams = 0;
};
BOOST_DESCRIBE_STRUCT(matched, (), (room, tokens, team, teams))

struct fight_server : running_server {
  fight_server() : running_server{quick_config(), add_fights} {}

  http_answer call(std::string_view method, const std::string& target) const {
    return ask_http(port(), std::string{method} + " /game/match" + target
                                + " HTTP/1.1\r\nHost: a.example\r\n\r\n");
  }
  http_answer enqueue(std::string_view body) const {
    return ask_http(port(), post("/game/match", body, as_json));
  }
};

struct fighter : game_client {
  using game_client::game_client;

  fighter& enter(const wish& what = {}) {
    CHECK(ask<std::string>("rooms.match", what).size() == 32);
    return *this;
  }
  matched wait() { return wait_event("rooms.matched", operation::event).argument<matched>(); }
};

using namespace std::chrono_literals;

} // namespace

TEST_CASE("room matches: those who match meet in a room that knows their teams",
          "[integration][room_matches]") {
  const fight_server server;
  fighter ann{server.port()};
  fighter bob{server.port()};
  ann.enter({.rating = 1'000, .size = 2});
  bob.enter({.rating = 1'020, .size = 2});
  const auto of_ann = ann.wait();
  const auto of_bob = bob.wait();
  CHECK(of_ann.room == of_bob.room);
  CHECK(of_ann.teams == 2);
  CHECK(of_ann.team != of_bob.team);
  REQUIRE(of_ann.tokens.size() == 2);
  fighter friend_of_ann{server.port()};
  CHECK(ann.try_join(of_ann.room, of_ann.tokens[0])->op == operation::joined);
  CHECK(bob.try_join(of_bob.room, of_bob.tokens[0])->op == operation::joined);
  CHECK(friend_of_ann.try_join(of_ann.room, of_ann.tokens[1])->op == operation::joined);
  std::map<std::uint64_t, std::size_t> told; // team by player
  while (told.size() < 3) {
    const auto [player, team] = ann.wait_event("fighter").arguments<std::uint64_t, std::size_t>();
    told[player] = team;
  }
  CHECK(told
        == std::map<std::uint64_t, std::size_t>{
            {1, of_ann.team}, {2, of_bob.team}, {3, of_ann.team}});
  fighter stranger{server.port()};
  CHECK(stranger.try_join(of_ann.room, std::string(32, '1'))->op == operation::error);
}

TEST_CASE("room matches: whoever leaves or cancels is not matched", "[integration][room_matches]") {
  const fight_server server;
  fighter ann{server.port()};
  fighter bob{server.port()};
  {
    fighter gone{server.port()};
    gone.enter({.size = 2});
  }
  ann.enter({.size = 2});
  CHECK(ann.refusal("rooms.match", wish{}) == "this connection waits for a match already");
  ann.client.ask("rooms.match_cancel");
  (void)ann.client.wait_for(operation::reply);
  const auto ticket = text_of(server.enqueue(R"({"kind":"fight","size":2})").body, "ticket");
  CHECK(server.call("DELETE", "/" + ticket).status == 204);
  CHECK(server.call("DELETE", "/" + ticket).status == 404);
  bob.enter({.size = 2});
  std::this_thread::sleep_for(500ms); // more than two runs
  ann.enter({.size = 2});
  CHECK(ann.wait().room == bob.wait().room);
}

TEST_CASE("room matches: over HTTP a ticket says how it stands", "[integration][room_matches]") {
  const fight_server server;
  const auto taken = server.enqueue(R"({"kind":"fight","rating":1000,"size":2})");
  REQUIRE(taken.status == 202);
  const auto ticket = text_of(taken.body, "ticket");
  const auto waiting = server.call("GET", "/" + ticket);
  CHECK(waiting.status == 200);
  CHECK(waiting.body.find(R"({"state":"waiting","seconds":0)") == 0);
  CHECK(waiting.body.find(R"("waiting":1})") != std::string::npos);
  fighter bob{server.port()};
  bob.enter({.size = 2});
  const auto of_bob = bob.wait(); // its connection drives the queue
  const auto made = server.call("GET", "/" + ticket).body;
  CHECK(text_of(made, "state") == "matched");
  CHECK(text_of(made, "room") == of_bob.room);
  fighter ann{server.port()};
  CHECK(ann.try_join(of_bob.room, text_of(made, "tokens"))->op == operation::joined);
  CHECK(server.call("GET", "/" + std::string(32, 'f')).status == 404);
}

TEST_CASE("room matches: nobody makes such rooms in another way", "[integration][room_matches]") {
  const fight_server server;
  fighter ann{server.port()};
  using query = std::map<std::string, std::string>;
  const auto no = "rooms of this kind are made for matches only";
  CHECK(ann.refusal("rooms.create", query{{"kind", "fight"}}) == no);
  CHECK(ann.refusal("rooms.join_or_create", query{{"kind", "fight"}}) == no);
  CHECK(ask_http(server.port(), post("/game/create", R"({"kind":"fight"})", as_json)).status
        == 403);
  CHECK(ann.refusal("rooms.match", wish{.kind = "any"})
        == "nobody is matched for this kind of room");
  CHECK(ann.refusal("rooms.match", wish{.size = 3}).find("group") != std::string::npos);
  CHECK(server.enqueue(R"({"kind":"any"})").status == 404);
  CHECK(server.enqueue(R"({"kind":"fight","size":0})").status == 400);
  CHECK(server.enqueue(R"({"kind":"fight","rating":"best"})").status == 400);
  CHECK(server.enqueue(R"({"kind":"fight","level":1})").body.find("level") != std::string::npos);
}

TEST_CASE("room matches: rules that rooms cannot meet are refused", "[integration][room_matches]") {
  server refusing{quick_config()};
  auto& rooms = refusing.rooms("/game");
  rooms.define<fight>("fight", {.max_players = 4});
  CHECK_THROWS_AS(rooms.matchmaking("chess"), std::invalid_argument);
  CHECK_THROWS_AS(rooms.matchmaking("fight", {.team_size = 3}), std::invalid_argument);
  CHECK_THROWS_AS(rooms.matchmaking("fight", {.teams = 0}), std::invalid_argument);
  CHECK_THROWS_AS(rooms.matchmaking("fight", {.band = -1}), std::invalid_argument);
  CHECK_THROWS_AS(rooms.matchmaking("fight", {.least_players = 3}), std::invalid_argument);
}

} // namespace troupe::test
