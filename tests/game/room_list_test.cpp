#include "game/room_list.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/counted_tokens.hpp"
#include "tests/support/sample_arena.hpp"

using namespace troupe::game;
using troupe::test::arena;
using troupe::test::counted_tokens;

namespace {

room_list make_list(std::uint32_t max_players = 2, std::size_t max_rooms = 100) {
  room_list rooms{counted_tokens(), max_rooms};
  rooms.define(make_room_kind<arena>("arena", {.max_players = max_players}));
  return rooms;
}

placement_fault fault_of(const room_list::placed& result) {
  REQUIRE(!result);
  return result.error();
}

} // namespace

TEST_CASE("room_list: a room that is created is joined by its id", "[game][room_list]") {
  auto rooms = make_list();
  const auto made = rooms.create({.kind = "arena"});
  REQUIRE(made);
  CHECK(made->created->kind == "arena");
  CHECK(made->tokens.size() == 1);
  const auto joined = rooms.join(made->room);
  REQUIRE(joined);
  CHECK(joined->room == made->room);
  CHECK(!joined->created);
  CHECK(joined->tokens != made->tokens);
  CHECK(fault_of(rooms.join(made->room)) == placement_fault::full);
  rooms.seats_freed(made->room, 1);
  CHECK(rooms.join(made->room));
}

TEST_CASE("room_list: says what is wrong with a request", "[game][room_list]") {
  auto rooms = make_list(2, 1);
  CHECK(fault_of(rooms.create({.kind = "chess"})) == placement_fault::unknown_kind);
  CHECK(fault_of(rooms.join_or_create({.kind = "chess"})) == placement_fault::unknown_kind);
  CHECK(fault_of(rooms.join("nowhere")) == placement_fault::unknown_room);
  CHECK(fault_of(rooms.join_matching({.kind = "arena"})) == placement_fault::no_match);
  CHECK(fault_of(rooms.create({.kind = "arena", .seats = 3})) == placement_fault::full);
  const auto made = rooms.create({.kind = "arena", .password = "xyzzy"});
  REQUIRE(made);
  CHECK(fault_of(rooms.create({.kind = "arena"})) == placement_fault::too_many_rooms);
  CHECK(fault_of(rooms.join(made->room)) == placement_fault::wrong_password);
  CHECK(rooms.join(made->room, "xyzzy"));
  for (int i = 0; i <= 6; ++i)
    CHECK(!to_string(static_cast<placement_fault>(i)).empty());
}

TEST_CASE("room_list: locked, private and protected rooms are not found", "[game][room_list]") {
  auto rooms = make_list(8);
  const auto hidden = rooms.create({.kind = "arena", .is_private = true});
  const auto guarded = rooms.create({.kind = "arena", .password = "xyzzy"});
  CHECK(fault_of(rooms.join_matching({.kind = "arena"})) == placement_fault::no_match);
  CHECK(rooms.join(hidden->room));
  rooms.listed(hidden->room, {.is_locked = true, .is_private = true});
  CHECK(fault_of(rooms.join(hidden->room)) == placement_fault::locked);
  rooms.listed(hidden->room, {});
  CHECK(rooms.join_matching({.kind = "arena"})->room == hidden->room);
  CHECK(rooms.find("arena").size() == 2);
  CHECK(guarded);
}

TEST_CASE("room_list: filters match the metadata of rooms", "[game][room_list]") {
  auto rooms = make_list(8);
  const auto duel = rooms.join_or_create({.kind = "arena", .filter = {{"mode", "duel"}}});
  CHECK(duel->created->metadata.at("mode") == "duel");
  CHECK(rooms.join_or_create({.kind = "arena", .filter = {{"mode", "duel"}}})->room == duel->room);
  const auto other = rooms.join_or_create({.kind = "arena", .filter = {{"mode", "ctf"}}});
  CHECK(other->room != duel->room);
  rooms.listed(other->room, {.metadata = {{"mode", "ctf"}, {"level", 7}}});
  CHECK(
      rooms.join_matching({.kind = "arena", .filter = {{"level", 6.5, comparison::greater}}})->room
      == other->room);
  CHECK(!rooms.join_matching({.kind = "arena", .filter = {{"level", "7"}}}));
  CHECK(rooms.join_matching({.kind = "arena", .filter = {{"mode", "ctf", comparison::not_equal}}})
            ->room
        == duel->room);
}

TEST_CASE("room_list: takes the fullest room, or the first in the wanted order",
          "[game][room_list]") {
  auto rooms = make_list(8);
  const auto first = rooms.create({.kind = "arena", .metadata = {{"level", 1}}});
  const auto second = rooms.create({.kind = "arena", .seats = 3, .metadata = {{"level", 2}}});
  const auto third = rooms.create({.kind = "arena"});
  CHECK(rooms.join_matching({.kind = "arena"})->room == second->room);
  CHECK(rooms.join_matching({.kind = "arena", .seats = 6})->room == first->room);
  CHECK(rooms.join_matching({.kind = "arena", .sort = {{"level", true}}})->room == second->room);
  CHECK(rooms.join_matching({.kind = "arena", .sort = {{"level"}}})->room == first->room);
  const auto listed = rooms.find("arena", {}, {{"level", true}});
  REQUIRE(listed.size() == 3);
  CHECK(listed[0].id == second->room);
  CHECK(listed[2].id == third->room);
  CHECK(rooms.find("arena", {}, {}, 2).size() == 2);
}

TEST_CASE("room_list: a room closes only while nobody is on the way", "[game][room_list]") {
  auto rooms = make_list();
  const auto made = rooms.create({.kind = "arena"});
  CHECK(!rooms.close_if_empty(made->room));
  rooms.seats_freed(made->room, 1);
  CHECK(rooms.join(made->room));
  CHECK(!rooms.close_if_empty(made->room));
  rooms.seats_freed(made->room, 9);
  CHECK(rooms.close_if_empty(made->room));
  CHECK(!rooms.close_if_empty(made->room));
  CHECK(fault_of(rooms.join(made->room)) == placement_fault::unknown_room);
  rooms.seats_freed(made->room, 1);
  rooms.closed(made->room);
  CHECK(rooms.size() == 0);
}

TEST_CASE("room_list: tells lobbies what changed, and never of private rooms",
          "[game][room_list]") {
  auto rooms = make_list();
  const auto shown = rooms.create({.kind = "arena"});
  const auto hidden = rooms.create({.kind = "arena", .is_private = true});
  rooms.join(shown->room);
  auto news = rooms.take_changes();
  REQUIRE(news.present.size() == 1);
  CHECK(news.present[0].players == 2);
  CHECK(rooms.take_changes().is_empty());
  rooms.listed(hidden->room, {});
  CHECK(rooms.take_changes().present[0].id == hidden->room);
  rooms.listed(hidden->room, {.is_private = true});
  news = rooms.take_changes();
  CHECK(news.present.empty());
  CHECK(news.gone == std::vector<std::string>{hidden->room});
  rooms.closed(hidden->room);
  rooms.closed(shown->room);
  CHECK(rooms.take_changes().gone == std::vector<std::string>{shown->room});
}

TEST_CASE("lobby_view: shows what fits, and when it no longer does", "[game][lobby]") {
  auto rooms = make_list();
  const auto ctf = rooms.create({.kind = "arena", .metadata = {{"mode", "ctf"}}});
  rooms.create({.kind = "arena", .metadata = {{"mode", "duel"}}});
  lobby_view view{"arena", {{"mode", "ctf"}}};
  CHECK(view.begin(rooms.find("arena")).present.size() == 1);
  rooms.take_changes();
  rooms.join(ctf->room);
  CHECK(view.update(rooms.take_changes()).present[0].players == 2);
  rooms.listed(ctf->room, {.metadata = {{"mode", "duel"}}});
  CHECK(view.update(rooms.take_changes()).gone == std::vector<std::string>{ctf->room});
  rooms.closed(ctf->room);
  CHECK(view.update(rooms.take_changes()).is_empty());
}
