#include "troupe/refused.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/room_sketch.hpp"

#include <stdexcept>

using namespace troupe;
using test::room_sketch;
using lines = std::vector<std::string>;

TEST_CASE("room_state: tells a newcomer first and then the others", "[actors][room_state]") {
  room_sketch s{[](room_rules&) {}};
  s.join(1);
  CHECK(s.said() == lines{"in 1: joined arena of 1", "all but 1: came"});
  s.join(2);
  CHECK(s.said() == lines{"in 2: joined arena of 2", "all but 2: came"});
  CHECK(s.room->size() == 2);
  CHECK(s.said().empty());
}

TEST_CASE("room_state: a second join is answered and changes nothing", "[actors][room_state]") {
  room_sketch s{[](room_rules&) {}};
  s.join(1);
  s.join(1, {}, 9);
  CHECK(s.said() == lines{"in 1: joined arena of 1", "all but 1: came", "in 1: joined arena of 1"});
  CHECK(s.room->size() == 1);
}

TEST_CASE("room_state: tells a leaver and then the rest", "[actors][room_state]") {
  room_sketch s{[](room_rules& rules) { rules.presence(true); }};
  s.join(1);
  s.join(2);
  s.said();
  SECTION("who asked to go") {
    s.room->leave({.id = 1, .ask_id = 5});
    CHECK(s.said() == lines{"out 1: left for 0", "all but 1: went"});
  }
  SECTION("who was removed") {
    s.room->remove(2);
    CHECK(s.said() == lines{"out 2: left for 1", "all but 2: went"});
  }
  SECTION("not who was never in") {
    s.room->leave({.id = 3});
    CHECK(s.said().empty());
  }
  SECTION("nobody is left to be told") {
    s.room->leave({.id = 1});
    s.said();
    s.room->leave({.id = 2});
    CHECK(s.said() == lines{"out 2: left for 0"});
  }
}

TEST_CASE("room_state: addresses only shards with members or news", "[actors][room_state]") {
  room_sketch s{[](room_rules& rules) { rules.relay("say"); }};
  s.join(1);
  s.join(3);
  CHECK(s.room->shards_of(*s.room->take_batch()) == std::vector<std::size_t>{0});
  s.join(2);
  CHECK(s.room->shards_of(*s.room->take_batch()) == std::vector<std::size_t>{0, 1});
  s.room->leave({.id = 2});
  CHECK(s.room->shards_of(*s.room->take_batch()) == std::vector<std::size_t>{0, 1});
  s.input(1, "say");
  CHECK(s.room->shards_of(*s.room->take_batch()) == std::vector<std::size_t>{0});
}

TEST_CASE("room_state: relays what its rules let through", "[actors][room_state]") {
  room_sketch s{[](room_rules& rules) { rules.relay("say").relay_to_all("shout"); }};
  s.join(1);
  s.said();
  s.input(1, "say");
  s.input(1, "shout");
  CHECK(s.said() == lines{"all but 1: say from 1", "all: shout from 1"});
  s.input(1, "whisper");
  auto answer = s.said();
  REQUIRE(answer.size() == 1);
  CHECK(answer[0].find("to 1: error") == 0);
  CHECK(answer[0].find("whisper") != std::string::npos);
  s.input(2, "say");
  CHECK(s.said().empty()); // 2 is no member
}

TEST_CASE("room_state: handlers speak to all, to others and to one", "[actors][room_state]") {
  room_sketch s{[](room_rules& rules) {
    rules.on("go", [](room& r) {
      r.emit("a");
      r.to_others(r.sender().id).emit("b");
      r.to(r.sender().id).emit("c");
      r.to(99).emit("d");
    });
  }};
  s.join(1);
  s.said();
  s.input(1, "go");
  CHECK(s.said() == lines{"all: a from 0", "all but 1: b from 0", "to 1: c from 0"});
}

TEST_CASE("room_state: latest events of different senders do not replace each other",
          "[actors][room_state]") {
  room_sketch s{[](room_rules& rules) { rules.relay("at"); }};
  s.join(1);
  s.join(2);
  s.said();
  s.input(1, "at", {}, latest(1));
  s.input(2, "at", {}, latest(1));
  s.input(1, "at", {}, latest(1));
  auto batch = s.room->take_batch();
  REQUIRE(batch->items.size() == 3);
  CHECK(batch->items[0].how.cls == delivery_class::latest);
  CHECK(batch->items[0].how.key != batch->items[1].how.key);
  CHECK(batch->items[0].how.key == batch->items[2].how.key);
}

TEST_CASE("room_state: removing another keeps the handler's sender", "[actors][room_state]") {
  connection_id after = 0;
  room_sketch s{[&](room_rules& rules) {
    rules.on_leave([](room&) {});
    rules.on("kick", [&](room& r) {
      r.remove(2);
      after = r.sender().id;
    });
  }};
  s.join(1);
  s.join(2);
  s.input(1, "kick");
  CHECK(after == 1);
}

TEST_CASE("room_state: a join may be refused", "[actors][room_state]") {
  room_sketch s{[](room_rules& rules) {
    rules.on_join([](room& r) {
      if (r.sender().identity != "ann")
        throw refused{"only ann"};
    });
  }};
  s.join(1, "bob", 4);
  CHECK(s.room->size() == 0);
  CHECK(s.said().empty());
  REQUIRE(s.still.hubs[0]->errors.size() == 1);
  CHECK(s.still.hubs[0]->errors[0].code == errc::room_refused);
  CHECK(s.still.hubs[0]->errors[0].ask_id == 4);
  CHECK(s.still.hubs[0]->errors[0].text == "only ann");
  s.join(3, "ann");
  CHECK(s.room->size() == 1);
}

TEST_CASE("room_state: a failure restarts the room and costs the caller an error",
          "[actors][room_state]") {
  int created = 0;
  room_sketch s{[&](room_rules& rules) {
    rules.on_create([&](room& r) {
      ++created;
      r.value<int>() = 10;
    });
    rules.on("fail", [](room& r) {
      r.value<int>() = 1;
      r.after(std::chrono::milliseconds{1}, [] { FAIL("the timer of a room that failed"); });
      throw std::runtime_error{"planted"};
    });
  }};
  s.join(1);
  s.said();
  s.input(1, "fail");
  auto said = s.said();
  REQUIRE(said.size() == 2);
  CHECK(said[0] == "all: restarted 1");
  CHECK(said[1].find("to 1: error") == 0);
  CHECK(said[1].find("planted") == std::string::npos); // the client learns no internals
  CHECK(created == 2);
  CHECK(s.room->value<int>() == 10);
  CHECK(s.room->size() == 1);
  auto& reactor = s.still.shared.shards[0]->reactor();
  reactor.timers.advance(reactor.now() + std::chrono::seconds{1});
}

TEST_CASE("room_state: parks after five restarts", "[actors][room_state]") {
  room_sketch s{[](room_rules& rules) { rules.on("fail", [](room&) { throw 42; }); }};
  s.join(1);
  for (int i = 0; i < 5; ++i)
    s.input(1, "fail");
  CHECK(s.room->size() == 1);
  s.said();
  s.input(1, "fail");
  CHECK(s.room->size() == 0);
  CHECK(s.said() == lines{"out 1: left for 3"});
  s.join(3);
  REQUIRE(s.still.hubs[0]->errors.size() == 1);
  CHECK(s.still.hubs[0]->errors[0].code == errc::room_parked);
}

TEST_CASE("room_state: what a timer says is flushed", "[actors][room_state]") {
  room_sketch s{[](room_rules& rules) {
    rules.on_create(
        [](room& r) { r.every(std::chrono::milliseconds{10}, [&r] { r.emit("tick"); }); });
  }};
  s.join(1);
  s.said();
  auto& reactor = s.still.shared.shards[0]->reactor();
  reactor.timers.advance(reactor.now() + std::chrono::milliseconds{11});
  CHECK(s.flushes == 1);
  CHECK(s.said() == lines{"all: tick from 0"});
}
