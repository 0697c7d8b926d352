// Directory and rooms together, with messages between them on their way for a while.
#include "game/room_core.hpp"
#include "game/room_list.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/counted_tokens.hpp"
#include "tests/support/sample_arena.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>

using namespace troupe::game;
using std::chrono::milliseconds;
using troupe::test::arena;
using troupe::test::counted_tokens;

namespace {

/// One directory and its rooms. Messages between them keep their order, but wait as long as
/// chance will have it.
class city {
public:
  explicit city(std::uint64_t seed) : numbers{seed} { rooms.define(kind); }

  struct running {
    room_core core;
    std::deque<entry::type> arriving;
    std::deque<effect> leaving;
    explicit running(const room_kind& kind) : core{kind} {}
  };

  room_kind kind = make_room_kind<arena>("arena", {.max_players = 8,
                                                   .reservation = milliseconds{3'000},
                                                   .reconnect_grace = milliseconds{1'000},
                                                   .empty_time = milliseconds{500}});
  random_source numbers;
  room_list rooms{counted_tokens(), 10'000};
  std::map<std::string, std::unique_ptr<running>> alive;
  std::map<token_hash, std::string> coming; // who was sent where
  milliseconds now{0};
  int joined = 0;
  int refused = 0;

  void carry_out(const placement& where) {
    if (where.created) {
      auto& made = alive[where.room];
      made = std::make_unique<running>(kind);
      made->arriving.push_back(
          incoming::create{.seed = numbers.bits64(), .metadata = where.created->metadata});
    }
    for (const auto& token : where.tokens) {
      REQUIRE(alive.contains(where.room));
      alive[where.room]->arriving.push_back(incoming::reserve{hash_of(token)});
      coming[hash_of(token)] = where.room;
    }
  }

  /// Everybody who was placed joins now, unless it is of those who never do.
  void join_all(std::uint32_t lost_percent) {
    for (const auto& [token, room] : coming)
      if (const auto found = alive.find(room);
          found != alive.end() && numbers.below(100) >= lost_percent)
        found->second->arriving.push_back(incoming::join{.token = token});
    coming.clear();
  }

  void disturb(running& room) {
    const auto players = room.core.players();
    if (players.empty() || numbers.below(4) != 0)
      return;
    const auto who = players[numbers.below(static_cast<std::uint32_t>(players.size()))].id();
    switch (numbers.below(3)) {
    case 0:
      room.arriving.push_back(incoming::leave{who});
      break;
    case 1:
      room.arriving.push_back(incoming::drop{who});
      break;
    default:
      room.arriving.push_back(incoming::reconnect{who});
      break;
    }
  }

  void step_room(const std::string& id, running& room, bool everything) {
    auto count = everything ? room.arriving.size() : numbers.below(4);
    for (; count > 0 && !room.arriving.empty(); --count) {
      room.core.apply({now, std::move(room.arriving.front())});
      room.arriving.pop_front();
    }
    room.core.apply({now, incoming::tick{}});
    REQUIRE(room.core.players().size() <= 8);
    for (auto& each : room.core.take_effects())
      room.leaving.push_back(std::move(each));
    auto told = everything ? room.leaving.size() : numbers.below(6);
    for (; told > 0 && !room.leaving.empty(); --told) {
      tell_directory(id, room, room.leaving.front());
      room.leaving.pop_front();
    }
  }

  void tell_directory(const std::string& id, running& room, const effect& what) {
    if (const auto* const freed = std::get_if<outgoing::seats_freed>(&what))
      rooms.seats_freed(id, freed->count);
    if (const auto* const listed = std::get_if<outgoing::listed>(&what))
      rooms.listed(id, *listed);
    if (std::holds_alternative<outgoing::emptied>(what) && rooms.close_if_empty(id))
      room.arriving.push_back(incoming::close{});
    joined += std::holds_alternative<outgoing::joined>(what) ? 1 : 0;
    refused += std::holds_alternative<outgoing::join_refused>(what) ? 1 : 0;
  }

  void step(bool everything) {
    now += milliseconds{33};
    for (auto& [id, room] : alive)
      step_room(id, *room, everything);
    std::erase_if(alive, [](const auto& each) {
      return each.second->core.is_closed() && each.second->leaving.empty();
    });
  }
};

} // namespace

TEST_CASE("room_list: 10,000 who join or create leave one room that is not full per filter",
          "[game][room_list]") {
  city town{41};
  std::map<std::string, int> wanted;
  for (int i = 0; i < 10'000; ++i) {
    const auto mode = "mode " + std::to_string(town.numbers.below(5));
    ++wanted[mode];
    const auto where = town.rooms.join_or_create({.kind = "arena", .filter = {{"mode", mode}}});
    REQUIRE(where);
    town.carry_out(*where);
    if (i % 100 == 0)
      town.step(false);
    if (town.numbers.below(50) == 0)
      town.join_all(0);
  }
  town.join_all(0);
  town.step(true);
  CHECK(town.joined == 10'000);
  CHECK(town.refused == 0);
  for (const auto& [mode, count] : wanted) {
    const auto found = town.rooms.find("arena", {{"mode", mode}}, {}, 10'000);
    CHECK(found.size() == static_cast<std::size_t>((count + 7) / 8));
    CHECK(std::ranges::count_if(found, [](auto& each) { return each.players < 8; }) <= 1);
    for (const auto& each : found)
      CHECK(town.alive.at(each.id)->core.players().size() == each.players);
  }
}

TEST_CASE("room_list: who comes, goes, drops and never arrives books no ninth and loses no seat",
          "[game][room_list]") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    city town{seed};
    for (int i = 0; i < 10'000; ++i) {
      const auto before = town.rooms.find("arena", {}, {}, 10'000);
      const bool is_room_left =
          std::ranges::any_of(before, [](const auto& each) { return each.is_open(); });
      const auto where = town.rooms.join_or_create({.kind = "arena"});
      REQUIRE(where);
      REQUIRE(where->created.has_value() != is_room_left);
      town.carry_out(*where);
      if (town.numbers.below(10) == 0)
        town.join_all(20);
      if (i % 20 != 0)
        continue;
      for (auto& [id, room] : town.alive)
        town.disturb(*room);
      town.step(false);
    }
    for (int i = 0; i < 150; ++i) {
      town.join_all(20);
      town.step(true);
    }
    CHECK(town.joined > 4'000);
    const auto found = town.rooms.find("arena", {}, {}, 10'000);
    for (const auto& [id, room] : town.alive) {
      REQUIRE(room->core.seats().free_count() + room->core.players().size() == 8);
      const auto mine = std::ranges::find(found, id, &listing::id);
      REQUIRE(mine != found.end());
      CHECK(mine->players == room->core.players().size());
    }
    for (auto& [id, room] : town.alive)
      for (const auto& each : room->core.players())
        room->arriving.push_back(incoming::leave{each.id()});
    for (int i = 0; i < 100; ++i)
      town.step(true);
    CHECK(town.alive.empty());
    CHECK(town.rooms.size() == 0);
  }
}
