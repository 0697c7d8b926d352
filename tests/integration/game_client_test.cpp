// The C++ client in game rooms of a real server, over a network that is cut.
#include "troupe/game/client.hpp"
#include "troupe/game/interpolation.hpp"
#include "troupe/server.hpp"

#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/cutting_relay.hpp"
#include "tests/support/pond.hpp"

#include <deque>
#include <set>

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

/// A pond for matches: what it is created with are its teams.
class duel_pond : public pond {
public:
  void on_create(const game::options&) override {}
};

void add_ponds(server& to) {
  to.rooms("/game")
      .define<duel_pond>("duel", {.max_players = 2})
      .matchmaking("duel")
      .define<pond>("pond",
                    {.max_players = 4, .tick_rate = 100, .patch_rate = 50, .empty_time = 50ms});
}

template <class T>
T get(std::future<T> future) {
  REQUIRE(future.wait_for(5s) == std::future_status::ready);
  return future.get();
}

template <class Predicate>
void wait_until(Predicate is_so) {
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (!is_so() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(1ms);
  REQUIRE(is_so());
}

using joined_pond = std::shared_ptr<game::joined_room<water>>;

/// A client that plays.
struct bather {
  mailbox<std::string> log;
  client connection;
  game::lobby lobby{connection};
  joined_pond pond;

  explicit bather(std::uint16_t port, bool resumes = true) : connection{options(port, resumes)} {
    connection.on_error([this](errc, std::string_view text) { log.put(std::string{text}); });
    REQUIRE(connection.connect());
  }
  static client_options options(std::uint16_t port, bool resumes) {
    client_options made{.url = "ws://127.0.0.1:" + std::to_string(port) + "/game"};
    made.reconnect = {.first = 5ms, .longest = 5ms, .resume = resumes};
    return made;
  }
  bather& join(std::string_view name) {
    auto got = get(lobby.join_or_create_future<water>({.kind = "pond"}, name));
    REQUIRE(got);
    pond = *got;
    return *this;
  }
  std::int32_t x_of(game::player_id who) const {
    return pond->read([who](const water& now) {
      const auto found = now.swimmers.find(who);
      return found == now.swimmers.end() ? -1 : found->second.x;
    });
  }
};

struct game_fixture {
  running_server server{quick_config(), add_ponds};
  cutting_relay relay{server.port(), 5};
};

} // namespace

TEST_CASE("game client: it plays, and sees others play", "[integration][game]") {
  game_fixture net;
  bather ann{net.server.port()};
  bather bob{net.server.port()};
  ann.join("ann");
  mailbox<std::string> seen;
  ann.pond->on_entered(&water::swimmers, [&](auto, const auto& who) { seen.put(who.name); });
  ann.pond->on_gone(&water::swimmers,
                    [&](auto, const auto& who, bool) { seen.put("no " + who.name); });
  CHECK(seen.take() == "ann"); // whether it comes now or is there already
  ann.pond->on("splashed", [&](game::player_id who) { seen.put("splash " + std::to_string(who)); });
  bob.join("bob");
  CHECK(seen.take() == "bob");
  CHECK(ann.pond->id() == bob.pond->id());
  CHECK(bob.pond->player() == 2);
  CHECK(bob.pond->send(swim{5}) == 1);
  CHECK(bob.pond->send(swim{6}) == 2);
  CHECK(bob.pond->send(splash{}) == 3);
  CHECK(seen.take() == "splash 2");
  wait_until([&] { return ann.x_of(2) == 11 && bob.x_of(2) == 11; });
  bob.pond->leave();
  CHECK(seen.take() == "no bob");
  wait_until([&] { return !bob.pond->is_in(); });
  CHECK(bob.pond->send(swim{1}) == 0);
}

TEST_CASE("game client: handlers of a callback miss nothing", "[integration][game]") {
  game_fixture net;
  bather ann{net.server.port()};
  mailbox<std::string> seen;
  ann.lobby.create<water>(
      {.kind = "pond"},
      [&](game::lobby::joined<water> got) {
        ann.pond = *got;
        CHECK(ann.pond->tick() == 0);
        ann.pond->on_any([&](const game::state_change& change, std::string_view path) {
          seen.put(std::string{path} + " " + std::to_string(change.id));
        });
      },
      "ann");
  CHECK(seen.take() == "waves 0");
  CHECK(seen.take() == "swimmers 1");
}

TEST_CASE("game client: inputs that are refused are told by their sequence",
          "[integration][game]") {
  game_fixture net;
  bather ann{net.server.port()};
  ann.join("ann");
  mailbox<std::uint64_t> refused;
  ann.pond->on_refused([&](std::uint64_t sequence, std::string_view) { refused.put(sequence); });
  ann.pond->send(swim{1});
  CHECK(ann.pond->send(swim{1}, 1'000'000) == 2); // far too early
  CHECK(refused.take() == 2);
}

TEST_CASE("game client: the ways into a room", "[integration][game]") {
  game_fixture net;
  bather ann{net.server.port()};
  bather bob{net.server.port()};
  CHECK_FALSE(get(bob.lobby.join_matching_future({.kind = "pond"})));
  auto made = get(ann.lobby.create_future<water>(
      {.kind = "pond", .metadata = {{"mode", "calm"}}, .password = "pw"}, "ann"));
  REQUIRE(made);
  const auto id = (*made)->id();
  auto wrong = get(bob.lobby.join_by_id_future<water>(id, "no"));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().text.find("password") != std::string::npos);
  CHECK(get(bob.lobby.join_by_id_future<water>(id, "pw")));
  auto shark = get(bob.lobby.join_or_create_future<water>({.kind = "pond"}, "shark"));
  REQUIRE_FALSE(shark);
  CHECK(shark.error().text == "no sharks");
  auto other = get(bob.lobby.join_or_create_future<swimmer>({.kind = "pond"}));
  REQUIRE_FALSE(other);
  CHECK(other.error().text.find("waves") != std::string::npos);
  auto blind = get(bob.lobby.join_or_create_future({.kind = "pond"}));
  REQUIRE(blind);
  CHECK((*blind)->player() != 0);
}

TEST_CASE("game client: two who wait for a match meet", "[integration][game]") {
  game_fixture net;
  bather ann{net.server.port()};
  bather bob{net.server.port()};
  mailbox<std::string> news;
  for (auto* each : {&ann, &bob})
    each->lobby.join_match<water>(
        {.kind = "duel", .rating = 1'500},
        [&](const game::match_offer& offer) { news.put("of " + std::to_string(offer.teams)); },
        [&, each](game::lobby::joined<water> got) {
          each->pond = *got;
          news.put("in");
        },
        "somebody");
  std::multiset<std::string> heard;
  while (heard.size() < 4)
    heard.insert(news.take());
  CHECK(heard.count("of 2") == 2);
  CHECK(heard.count("in") == 2);
  CHECK(ann.pond->id() == bob.pond->id());
  ann.lobby.join_match<water>({.kind = "pond"}, {}, [&](game::lobby::joined<water> got) {
    news.put(got ? "in" : got.error().text);
  });
  CHECK(news.take().find("kind") != std::string::npos);
}

TEST_CASE("game client: lobbies are found and watched", "[integration][game]") {
  game_fixture net;
  bather ann{net.server.port()};
  bather bob{net.server.port()};
  mailbox<game::lobby_changes> news;
  bob.lobby.watch({.kind = "pond"}, [&](const game::lobby_changes& what) { news.put(what); });
  CHECK(news.take().is_empty());
  ann.join("ann");
  const auto first = news.take();
  REQUIRE(first.present.size() == 1);
  CHECK(first.present[0].id == ann.pond->id());
  const auto all = get(bob.lobby.find_future({.kind = "pond"}));
  REQUIRE(all);
  CHECK(all->at(0).players == 1);
  CHECK(all->at(0).max_players == 4);
  ann.pond->leave();
  while (news.take().gone.empty())
    ;
}

TEST_CASE("game client: it knows in which tick the room is", "[integration][game]") {
  game_fixture net;
  bather ann{net.server.port()};
  ann.join("ann");
  CHECK(ann.pond->ticks_per_s() == 100);
  wait_until([&] { return ann.pond->tick() > 20; });
  const auto now = std::chrono::steady_clock::now();
  const auto tick = *ann.pond->tick_at(now);
  CHECK(tick == Approx(static_cast<double>(ann.pond->tick())).margin(20));
  CHECK(*ann.pond->tick_at(now + 1s) == Approx(tick + 100));
  CHECK(*ann.pond->server_tick(now) >= tick);
}

TEST_CASE("game client: entities are shown between their patches", "[integration][game]") {
  game_fixture net;
  bather ann{net.server.port()};
  ann.join("ann");
  const game::interpolation swimmers{
      ann.pond, &water::swimmers, 100ms, {game::moving(&swimmer::x)}};
  const auto x_at = [&](auto when) { return swimmers.at(when).at(0).second.x; };
  wait_until([&] { return ann.x_of(1) == 0 && ann.pond->tick() > 60; });
  ann.pond->send(swim{1'000});
  wait_until([&] { return ann.x_of(1) == 1'000; });
  const auto now = std::chrono::steady_clock::now();
  CHECK(swimmers.at(now - 10s).empty());
  CHECK(x_at(now - 200ms) == 0);
  CHECK(x_at(now + 1s) == 1'000);
  std::int32_t last = 0;
  int between = 0;
  for (auto when = now - 200ms; when < now + 200ms; when += 5ms) {
    const auto x = x_at(when);
    CHECK(x >= last);
    between += x > 0 && x < 1'000 ? 1 : 0;
    last = x;
  }
  CHECK(between > 10); // it took the delay, not a moment
}

TEST_CASE("game client: cuts cost nothing, and all see the same", "[integration][game][resume]") {
  game_fixture net;
  std::deque<bather> all;
  for (const auto* name : {"ann", "bob", "cleo", "dora"})
    all.emplace_back(net.relay.port()).join(name);
  net.relay.cut_within(3'000);
  net.relay.cut_all();
  constexpr int rounds = 300;
  for (int i = 0; i < rounds; ++i) {
    for (auto& each : all)
      CHECK(each.pond->send(swim{1}) != 0);
    std::this_thread::sleep_for(5ms);
  }
  net.relay.cut_within(0);
  for (auto& each : all)
    for (game::player_id who = 1; who <= all.size(); ++who)
      wait_until([&] { return each.x_of(who) == rounds; });
  CHECK(net.relay.cuts() > 2 * all.size());
  for (auto& each : all) {
    CHECK(each.pond->is_in());
    CHECK(each.log.size() == 0);
  }
}

TEST_CASE("game client: a seat whose session is lost is lost", "[integration][game]") {
  game_fixture net;
  bather ann{net.relay.port(), false};
  ann.join("ann");
  mailbox<room_change::reason> left;
  ann.pond->on_left([&](room_change::reason why) { left.put(why); });
  net.relay.cut_all();
  CHECK(left.take() == room_change::reason::connection_lost);
  CHECK_FALSE(ann.pond->is_in());
  wait_until([&] { return ann.connection.is_open(); });
  ann.join("ann again"); // the client goes on
  wait_until([&] { return ann.x_of(ann.pond->player()) == 0; });
}

TEST_CASE("game client: who lets go of its room leaves", "[integration][game]") {
  game_fixture net;
  bather ann{net.server.port()};
  bather bob{net.server.port()};
  ann.join("ann");
  mailbox<game::player_id> went;
  ann.pond->on("went", [&](game::player_id who) { went.put(who); });
  bob.join("bob");
  bob.pond.reset();
  CHECK(went.take() == 2);
}

} // namespace troupe::test
