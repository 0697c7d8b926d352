// The C++ client in game rooms of a real server.
#include "tests/integration/support/pond_player.hpp"

#include <set>

namespace troupe::test {

TEST_CASE("game client: it plays, and sees others play", "[integration][game]") {
  pond_network net;
  mailbox<std::string> seen;
  pond_player ann{net.server.port()};
  pond_player bob{net.server.port()};
  ann.join("ann");
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
  pond_network net;
  mailbox<std::string> seen;
  pond_player ann{net.server.port()};
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
  pond_network net;
  mailbox<std::uint64_t> refused;
  pond_player ann{net.server.port()};
  ann.join("ann");
  ann.pond->on_refused([&](std::uint64_t sequence, std::string_view) { refused.put(sequence); });
  ann.pond->send(swim{1});
  CHECK(ann.pond->send(swim{1}, 1'000'000) == 2); // far too early
  CHECK(refused.take() == 2);
}

TEST_CASE("game client: the ways into a room", "[integration][game]") {
  pond_network net;
  pond_player ann{net.server.port()};
  pond_player bob{net.server.port()};
  CHECK_FALSE(get_soon(bob.lobby.join_matching_future({.kind = "pond"})));
  auto made = get_soon(ann.lobby.create_future<water>(
      {.kind = "pond", .metadata = {{"mode", "calm"}}, .password = "pw"}, "ann"));
  REQUIRE(made);
  const auto id = (*made)->id();
  auto wrong = get_soon(bob.lobby.join_by_id_future<water>(id, "no"));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().text.find("password") != std::string::npos);
  CHECK(get_soon(bob.lobby.join_by_id_future<water>(id, "pw")));
  auto shark = get_soon(bob.lobby.join_or_create_future<water>({.kind = "pond"}, "shark"));
  REQUIRE_FALSE(shark);
  CHECK(shark.error().text == "no sharks");
  auto other = get_soon(bob.lobby.join_or_create_future<swimmer>({.kind = "pond"}));
  REQUIRE_FALSE(other);
  CHECK(other.error().text.find("waves") != std::string::npos);
  auto blind = get_soon(bob.lobby.join_or_create_future({.kind = "pond"}));
  REQUIRE(blind);
  CHECK((*blind)->player() != 0);
}

TEST_CASE("game client: two who wait for a match meet", "[integration][game]") {
  pond_network net;
  mailbox<std::string> news;
  pond_player ann{net.server.port()};
  pond_player bob{net.server.port()};
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
  pond_network net;
  mailbox<game::lobby_changes> news;
  pond_player ann{net.server.port()};
  pond_player bob{net.server.port()};
  bob.lobby.watch({.kind = "pond"}, [&](const game::lobby_changes& what) { news.put(what); });
  CHECK(news.take().is_empty());
  ann.join("ann");
  const auto first = news.take();
  REQUIRE(first.present.size() == 1);
  CHECK(first.present[0].id == ann.pond->id());
  const auto all = get_soon(bob.lobby.find_future({.kind = "pond"}));
  REQUIRE(all);
  CHECK(all->at(0).players == 1);
  CHECK(all->at(0).max_players == 4);
  ann.pond->leave();
  while (news.take().gone.empty())
    ;
}

TEST_CASE("game client: who lets go of its room leaves", "[integration][game]") {
  pond_network net;
  mailbox<game::player_id> went;
  pond_player ann{net.server.port()};
  pond_player bob{net.server.port()};
  ann.join("ann");
  ann.pond->on("went", [&](game::player_id who) { went.put(who); });
  bob.join("bob");
  bob.pond.reset();
  CHECK(went.take() == 2);
}

} // namespace troupe::test
