#include "game/room_core.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/room_driver.hpp"

using namespace troupe::game;
using namespace troupe::test;
using std::chrono::milliseconds;
using troupe::errc;
using troupe::make_payload;

TEST_CASE("room_core: calls the hooks in the order of the entries", "[game][room_core]") {
  room_driver room;
  const auto ann = room.join("ann");
  const auto bob = room.join("bob");
  CHECK(ann == 1);
  CHECK(bob == 2);
  room.apply(incoming::drop{ann});
  CHECK(!room.core.players()[0].is_connected());
  room.apply(incoming::reconnect{ann});
  CHECK(room.find<outgoing::reconnected>()->is_in);
  room.apply(incoming::leave{bob});
  CHECK(room.find<outgoing::left>()->who == bob);
  CHECK(room.count<outgoing::seats_freed>() == 1);
  room.apply(incoming::close{});
  CHECK(room.find<outgoing::left>()->why == leave_reason::room_closed);
  CHECK(room.find<outgoing::closed>() != nullptr);
  CHECK(room.user().log == "cjjdrllx");
  room.tick();
  CHECK(room.effects.empty());
}

TEST_CASE("room_core: a room hears once when a player becomes slow, and when it no longer is",
          "[game][room_core]") {
  room_driver room;
  const auto ann = room.join("ann");
  for (const bool is_slow : {true, true, false, false, true})
    room.apply(incoming::pressure{ann, is_slow});
  room.apply(incoming::pressure{ann + 1, true}); // nobody
  CHECK(room.user().log == "cjsqs");
  CHECK(room.core.players()[0].is_slow());
  room_core copy{room.core.kind()};
  REQUIRE(copy.load(room.core.snapshot()));
  CHECK(copy.players()[0].is_slow());
}

TEST_CASE("room_core: entries before its creation and a second creation do nothing",
          "[game][room_core]") {
  const auto kind = make_room_kind<arena>("arena");
  room_core core{kind};
  core.apply({milliseconds{0}, incoming::tick{}});
  core.apply({milliseconds{0}, incoming::join{}});
  CHECK(core.take_effects().empty());
  core.apply({milliseconds{0}, incoming::create{.options = make_payload("duel")}});
  core.apply({milliseconds{0}, incoming::create{.options = make_payload("other")}});
  const auto effects = core.take_effects();
  REQUIRE(effects.size() == 1);
  CHECK(std::get<outgoing::listed>(effects[0]).metadata.at("mode") == "duel");
}

TEST_CASE("room_core: a join needs a reserved seat, once", "[game][room_core]") {
  room_driver room;
  const auto mine = room_driver::token(77);
  room.apply(incoming::join{.token = mine});
  CHECK(room.find<outgoing::join_refused>()->code == errc::room_refused);
  room.apply(incoming::reserve{mine});
  room.apply(incoming::join{.token = mine});
  CHECK(room.find<outgoing::joined>()->token == mine);
  room.apply(incoming::join{.token = mine});
  CHECK(room.find<outgoing::join_refused>() != nullptr);
  CHECK(room.core.players().size() == 1);
}

TEST_CASE("room_core: the application may refuse to admit", "[game][room_core]") {
  room_driver room;
  CHECK(room.join("banned") == 0);
  CHECK(room.count<outgoing::seats_freed>() == 1);
  CHECK(room.join("ann", make_payload("refuse")) == 0);
  CHECK(room.find<outgoing::join_refused>()->text == "not you");
  CHECK(room.find<outgoing::event>() == nullptr);
  CHECK(room.core.seats().free_count() == 16);
  CHECK(room.core.players().empty());
}

TEST_CASE("room_core: joined comes before the first event", "[game][room_core]") {
  room_driver room;
  room.join();
  REQUIRE(room.effects.size() == 2);
  CHECK(std::holds_alternative<outgoing::joined>(room.effects[0]));
  CHECK(std::get<outgoing::event>(room.effects[1]).name == "came");
}

TEST_CASE("room_core: inputs wait for their tick", "[game][room_core]") {
  room_driver room;
  const auto ann = room.join();
  room.input(ann, steer{.angle = 1}, 3);
  room.tick(2);
  CHECK(room.user().ships[ann].angle == 0);
  CHECK(room.core.players()[0].last_input() == 0);
  room.tick();
  CHECK(room.user().ships[ann].angle == 1);
  CHECK(room.core.players()[0].last_input() == 1);
}

TEST_CASE("room_core: inputs that do not fit are answered", "[game][room_core]") {
  room_driver room({.queued_inputs = 2, .inputs_per_tick = 2, .input_lead = 10});
  const auto ann = room.join();
  room.apply(incoming::input{.from = ann, .sequence = 9, .kind = 99});
  CHECK(room.find<outgoing::input_refused>()->code == errc::unknown_event);
  CHECK(room.find<outgoing::input_refused>()->sequence == 9);
  room.input(ann, fire{}, 11);
  CHECK(room.find<outgoing::input_refused>()->code == errc::bad_arguments);
  room.input(ann, order{"refuse"});
  room.apply(incoming::input{.from = ann, .kind = 0, .what = make_payload("no steer")});
  room.input(ann, fire{});
  CHECK(room.find<outgoing::input_refused>()->code == errc::rate_limited);
  room.tick();
  REQUIRE(room.count<outgoing::input_refused>() == 2);
  CHECK(room.find<outgoing::input_refused>()->text == "no orders");
  room.apply(incoming::input{.from = 99});
  CHECK(room.effects.empty());
}

TEST_CASE("room_core: timers count ticks and end before on_tick", "[game][room_core]") {
  room_driver room;
  const auto ann = room.join();
  room.input(ann, fire{});
  room.tick(3);
  CHECK(room.user().ships[ann].lives == 0);
  room.tick();
  CHECK(room.user().ships[ann].lives == 1);
}

TEST_CASE("room_core: what is sent to others leaves one out", "[game][room_core]") {
  room_driver room;
  const auto ann = room.join();
  room.input(ann, fire{});
  room.tick();
  const auto* const shot = room.find<outgoing::event>();
  REQUIRE(shot);
  CHECK(shot->to.who == troupe::audience::kind::room);
  CHECK(shot->to.except == ann);
}

TEST_CASE("room_core: removes, closes and locks after the hook has returned", "[game][room_core]") {
  room_driver room;
  const auto ann = room.join();
  const auto bob = room.join();
  room.input(ann, order{"kick"});
  room.input(ann, fire{});
  room.input(bob, order{"lock"});
  room.tick();
  CHECK(room.find<outgoing::left>()->why == leave_reason::removed);
  CHECK(room.find<outgoing::listed>()->is_locked);
  CHECK(room.core.players().size() == 1);
  room.input(bob, order{"close"});
  room.tick();
  CHECK(room.core.is_closed());
}

TEST_CASE("room_core: a dropped player's seat is held for a while", "[game][room_core]") {
  room_driver room({.max_players = 1, .reconnect_grace = milliseconds{1'000}});
  const auto ann = room.join();
  room.apply(incoming::drop{ann});
  CHECK(room.core.seats().free_count() == 0);
  room.tick(29);
  CHECK(room.core.players().size() == 1);
  room.tick(2);
  CHECK(room.find<outgoing::left>()->why == leave_reason::dropped);
  CHECK(room.core.seats().free_count() == 1);
  room.apply(incoming::reconnect{ann});
  CHECK(!room.find<outgoing::reconnected>()->is_in);
}

TEST_CASE("room_core: without a grace who drops leaves at once", "[game][room_core]") {
  room_driver room({.reconnect_grace = milliseconds{0}});
  const auto ann = room.join();
  room.apply(incoming::drop{ann});
  CHECK(room.find<outgoing::left>()->why == leave_reason::dropped);
  CHECK(room.user().log == "cjl");
}

TEST_CASE("room_core: says once that it is empty, and again after a visit", "[game][room_core]") {
  room_driver room({.empty_time = milliseconds{1'000}});
  room.tick(100);
  CHECK(room.count<outgoing::emptied>() == 1);
  const auto ann = room.join();
  room.tick(100);
  CHECK(room.count<outgoing::emptied>() == 0);
  room.apply(incoming::leave{ann});
  room.tick(100);
  CHECK(room.count<outgoing::emptied>() == 1);
}

TEST_CASE("room_core: a reservation that nobody uses ends", "[game][room_core]") {
  room_driver room({.max_players = 1, .reservation = milliseconds{500}});
  room.apply(incoming::reserve{room_driver::token(1'000)});
  room.apply(incoming::reserve{room_driver::token(1'001)});
  CHECK(room.count<outgoing::seats_freed>() == 1);
  room.tick(16);
  CHECK(room.count<outgoing::seats_freed>() == 1);
  room.apply(incoming::join{.token = room_driver::token(1'000)});
  CHECK(room.find<outgoing::join_refused>() != nullptr);
  CHECK(room.join() != 0);
}
