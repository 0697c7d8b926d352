#include "troupe/game/testing.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_arena.hpp"

#include <set>

using namespace troupe::game;
using namespace troupe::test;
using namespace std::chrono_literals;
using testing::client;
using testing::world;

namespace {

room_kind arena_kind(room_options options = {}) {
  return make_room_kind<arena>("arena", options);
}

/// Steers and shoots at random.
void play(client& me) {
  if (me.random().below(3) == 0)
    me.send(steer{me.random().between(-1.0, 1.0), me.random().chance(0.5)});
  if (me.random().below(10) == 0)
    me.send(fire{});
}

/// A rough evening: everything goes wrong now and then.
std::uint64_t rough_evening(std::uint64_t seed) {
  world test{
      arena_kind({.max_players = 6, .failures_allowed = 100}),
      {.seed = seed, .latency = 40ms, .jitter = 60ms, .cuts_per_minute = 10, .away = 1'500ms}};
  for (int i = 0; i < 6; ++i)
    test.join("player").each_tick([](client& me) {
      play(me);
      if (me.random().below(200) == 0)
        me.send(order{me.random().below(2) == 0 ? "throw" : "kick"});
    });
  test.run_for(10s);
  return test.state_hash();
}

} // namespace

TEST_CASE("world: a player joins, plays and leaves", "[game][testing]") {
  world test{arena_kind()};
  auto& ann = test.join("ann");
  auto& bob = test.join("bob");
  test.run(2);
  REQUIRE(ann.is_in());
  CHECK(bob.id() == 2);
  CHECK(ann.heard("came") == 2);
  bob.send(fire{3});
  test.run(2);
  CHECK(test.room_as<arena>().ships[2].shots == 3);
  CHECK(ann.heard("shot") == 1);
  CHECK(ann.heard().back().as<player_id>() == 2);
  CHECK(bob.heard("shot") == 0);
  bob.leave();
  test.run(2);
  CHECK(bob.left() == leave_reason::asked);
  CHECK(!bob.is_in());
  CHECK(test.failures().empty());
}

TEST_CASE("world: a player may be slow for a while", "[game][testing]") {
  world test{arena_kind()};
  auto& ann = test.join("ann");
  test.run(2);
  ann.be_slow(true);
  test.run(2);
  CHECK(test.room_as<arena>().players()[0].is_slow());
  ann.be_slow(false);
  test.run(2);
  CHECK(test.room_as<arena>().log == "cjsq");
  CHECK(test.is_deterministic());
}

TEST_CASE("world: refusals reach the player", "[game][testing]") {
  world test{arena_kind({.max_players = 1, .reconnect_grace = 500ms})};
  auto& banned = test.join("banned");
  test.run(2);
  CHECK(!banned.refusal().empty());
  auto& ann = test.join("ann");
  auto& late = test.join("late");
  test.run(2);
  CHECK(ann.is_in());
  CHECK(!late.refusal().empty());
  ann.send(order{"refuse"});
  test.run(2);
  CHECK(ann.refused_inputs() == 1);
  CHECK_THROWS_AS(ann.send(respawn{}), std::invalid_argument);
}

TEST_CASE("world: messages take their time and keep their order", "[game][testing]") {
  world test{arena_kind({.tick_rate = 100, .patch_rate = 20}), {.latency = 95ms, .jitter = 50ms}};
  auto& ann = test.join("ann");
  test.run(18);
  CHECK(!ann.is_in());
  test.run(13);
  CHECK(ann.is_in());
  const auto ticks_until_used = [&] {
    const auto before = test.tick();
    const auto used = test.room_as<arena>().ships[1].shots;
    ann.send(fire{});
    while (test.room_as<arena>().ships[1].shots == used)
      test.run(1);
    return test.tick() - before;
  };
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 40; ++i)
    seen.insert(ticks_until_used());
  CHECK(*seen.begin() >= 10);
  CHECK(*seen.rbegin() <= 15);
  CHECK(seen.size() > 2);
  for (int i = 1; i <= 50; ++i)
    ann.send(steer{.angle = 1.0 * i});
  test.run(30);
  CHECK(test.room_as<arena>().ships[1].angle == 50);
}

TEST_CASE("world: a cut loses what is on its way, a return finds the seat", "[game][testing]") {
  world test{arena_kind({.tick_rate = 100, .patch_rate = 20}), {.latency = 50ms}};
  auto& ann = test.join("ann");
  auto& bob = test.join("bob");
  test.run(20);
  ann.send(fire{});
  test.run(2);
  ann.cut();
  ann.send(fire{});
  bob.send(fire{});
  test.run(20);
  CHECK(test.room_as<arena>().ships[1].shots == 0);
  CHECK(ann.heard("shot") == 0);
  CHECK(test.room_as<arena>().log.back() == 'd');
  ann.come_back();
  test.run(20);
  CHECK(test.room_as<arena>().log.back() == 'r');
  CHECK(ann.heard("shot") == 1);
  CHECK(ann.id() == 1);
  ann.cut();
  test.run_for(30s);
  CHECK(test.room_as<arena>().ships.size() == 1);
  ann.come_back();
  test.run(20);
  CHECK(ann.left() == leave_reason::dropped);
}

TEST_CASE("world: a seed reproduces, 100 of 100", "[game][testing]") {
  const auto hash = rough_evening(4);
  for (int i = 0; i < 100; ++i)
    REQUIRE(rough_evening(4) == hash);
  CHECK(rough_evening(5) != hash);
}

TEST_CASE("world: whatever happens, the recording replays alike", "[game][testing]") {
  testing::for_each_seed(20, [](std::uint64_t seed) {
    world test{
        arena_kind({.max_players = 6, .failures_allowed = 1'000}),
        {.seed = seed, .latency = 30ms, .jitter = 30ms, .cuts_per_minute = 20, .away = 1'000ms}};
    for (int i = 0; i < 6; ++i)
      test.join("player").each_tick([](client& me) {
        play(me);
        if (me.random().below(100) == 0)
          me.send(order{"throw"});
      });
    test.run_for(20s);
    CHECK(!test.failures().empty());
    CHECK(test.is_deterministic());
  });
}

TEST_CASE("world: a room that looks at the outside is found out", "[game][testing]") {
  static int outside = 0;
  class leaky : public room {
  public:
    int seen = 0;
    auto saved() { return std::tie(seen); }
    void on_tick(std::uint64_t) override { seen = ++outside; }
  };
  world test{make_room_kind<leaky>("leaky")};
  test.run(3);
  CHECK(!test.is_deterministic());
}

TEST_CASE("for_each_seed: names the seed that failed", "[game][testing]") {
  std::string text;
  try {
    testing::for_each_seed(
        10,
        [](std::uint64_t seed) {
          if (seed == 7)
            throw std::runtime_error{"it broke"};
        },
        3);
  } catch (const std::runtime_error& error) {
    text = error.what();
  }
  CHECK(text == "seed 7: it broke");
}
