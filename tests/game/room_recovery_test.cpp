#include "game/room_core.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/room_driver.hpp"

using namespace troupe::game;
using namespace troupe::test;
using troupe::errc;
using troupe::make_payload;

namespace {

/// A room in the middle of something, between two snapshots.
void play(room_driver& room) {
  for (int i = 0; i < 4; ++i)
    room.join("player " + std::to_string(i));
  for (int i = 0; i < 70; ++i) {
    room.input(player_id(1 + i % 4), steer{.angle = i * 0.1, .thrust = i % 3 == 0});
    if (i % 10 == 0)
      room.input(player_id(1 + i % 4), fire{});
    room.tick();
  }
}

} // namespace

TEST_CASE("room_core: the same entries leave the same state", "[game][room_core]") {
  room_driver one({}, 5);
  room_driver two({}, 5);
  room_driver other({}, 6);
  play(one);
  play(two);
  play(other);
  CHECK(one.core.state_hash() == two.core.state_hash());
  CHECK(one.core.state_hash() != other.core.state_hash());
}

TEST_CASE("room_core: goes on from a snapshot as if nothing had happened", "[game][room_core]") {
  room_driver room;
  play(room);
  room.input(1, fire{});
  room.input(2, fire{}, room.core.tick() + 5);
  room.tick(); // leaves a timer and an input waiting
  const auto bytes = room.core.snapshot();
  room_core copy{room.kind};
  REQUIRE(copy.load(bytes));
  CHECK(copy.snapshot() == bytes);
  const auto lives = room.user().ships[1].lives;
  for (int i = 0; i < 50; ++i) {
    room.now += std::chrono::milliseconds{33};
    copy.apply({room.now, incoming::tick{}});
    room.core.apply({room.now, incoming::tick{}});
    REQUIRE(copy.state_hash() == room.core.state_hash());
  }
  CHECK(static_cast<arena&>(copy.user()).ships[1].lives == lives + 1);
  CHECK(room.core.players()[1].last_input() == copy.players()[1].last_input());
}

TEST_CASE("room_core: nothing is kept of what a player has sent who left", "[game][room_core]") {
  room_driver room;
  room_driver twin;
  for (auto* each : {&room, &twin})
    each->join();
  room.input(1, fire{}, 50);
  for (auto* each : {&room, &twin})
    each->apply(incoming::leave{1});
  CHECK(room.core.state_hash() == twin.core.state_hash());
}

TEST_CASE("room_core: loads no snapshot that is damaged in its frame", "[game][room_core]") {
  room_driver room;
  play(room);
  const auto bytes = room.core.snapshot();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    room_core copy{room.kind};
    CHECK(!copy.load(troupe::byte_view{bytes}.first(size)));
  }
  const auto other = make_room_kind<arena>("other");
  room_core stranger{other};
  CHECK(!stranger.load(bytes));
  const auto smaller = make_room_kind<arena>("arena", {.max_players = 2});
  room_core small{smaller};
  CHECK(!small.load(bytes));
}

TEST_CASE("room_core: survives any snapshot that it loads", "[game][room_core]") {
  room_driver room;
  play(room);
  room.input(1, fire{}, room.core.tick() + 5);
  const auto bytes = room.core.snapshot();
  random_source numbers{17};
  int loaded = 0;
  for (int i = 0; i < 3'000; ++i) {
    auto damaged = bytes;
    damaged[numbers.below(static_cast<std::uint32_t>(bytes.size()))] =
        static_cast<std::byte>(numbers.below(256));
    room_core copy{room.kind};
    if (!copy.load(damaged))
      continue;
    ++loaded;
    for (int n = 0; n < 10; ++n)
      copy.apply({room.now + std::chrono::hours{n}, incoming::tick{}});
  }
  CHECK(loaded > 0);
}

TEST_CASE("room_core: a throwing tick is undone, but counts", "[game][room_core]") {
  room_driver room;
  play(room);
  room_driver twin;
  play(twin);
  room.input(1, order{"throw"});
  room.tick();
  REQUIRE(room.effects.size() >= 1);
  CHECK(std::get<outgoing::failed>(room.effects[0]).text == "ordered to throw");
  CHECK(room.count<outgoing::event>() == 0);
  CHECK(room.core.tick() == twin.core.tick() + 1);
  CHECK(room.core.players().size() == 4);
  CHECK(room.user().ships.size() == 4);
  CHECK(room.user().ships[2].x == twin.user().ships[2].x);
  CHECK(room.user().log == twin.user().log);
  const auto before = room.user().ships[1].y;
  room.tick();
  CHECK(room.user().ships[1].y != before);
}

TEST_CASE("room_core: a join that throws is refused, others are not disturbed",
          "[game][room_core]") {
  room_driver room;
  play(room);
  CHECK(room.join("late", make_payload("throw")) == 0);
  CHECK(room.find<outgoing::join_refused>()->code == errc::handler_failed);
  CHECK(room.count<outgoing::seats_freed>() == 1);
  CHECK(room.core.players().size() == 4);
  CHECK(room.core.seats().free_count() == 12);
  CHECK(room.join("next") != 0);
}

TEST_CASE("room_core: a room that throws too often is closed", "[game][room_core]") {
  room_driver room({.failures_allowed = 3});
  const auto ann = room.join();
  for (int i = 0; i < 3; ++i) {
    room.input(ann, order{"throw"});
    room.tick();
    REQUIRE(!room.core.is_closed());
  }
  room.tick(61 * 30);
  room.input(ann, order{"throw"});
  room.tick();
  REQUIRE(!room.core.is_closed());
  for (int i = 0; i < 3; ++i) {
    room.input(ann, order{"throw"});
    room.tick();
  }
  CHECK(room.core.is_closed());
  CHECK(room.find<outgoing::left>()->why == leave_reason::room_failed);
  CHECK(room.find<outgoing::closed>()->why == leave_reason::room_failed);
}

TEST_CASE("room_core: a room that cannot be created is closed", "[game][room_core]") {
  const auto kind = make_room_kind<arena>("arena");
  room_core core{kind};
  core.apply({{}, incoming::create{.options = make_payload(5)}}); // a text is expected
  const auto effects = core.take_effects();
  CHECK(core.is_closed());
  REQUIRE(effects.size() == 2);
  CHECK(std::holds_alternative<outgoing::failed>(effects[0]));
  CHECK(std::holds_alternative<outgoing::closed>(effects[1]));
}

TEST_CASE("room_core: replays what happened since the snapshot, failures included",
          "[game][room_core]") {
  room_driver room({.snapshot_every = 1'000, .failures_allowed = 100});
  room_driver often({.snapshot_every = 1, .failures_allowed = 100});
  for (auto* each : {&room, &often}) {
    play(*each);
    for (int i = 0; i < 20; ++i) {
      each->input(1, steer{.angle = 1.0 * i, .thrust = true});
      if (i % 4 == 0)
        each->input(2, order{"throw"});
      each->join("late", make_payload(i % 3 == 0 ? "throw" : ""));
      each->tick();
    }
  }
  CHECK(room.core.players().size() > 4);
  CHECK(room.core.state_hash() == often.core.state_hash());
}
