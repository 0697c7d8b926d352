// The promise that an hour of play is replayed, hash for hash, while somebody waits.
#include "troupe/game/testing.hpp"

#include "game/replay.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_arena.hpp"

#include <chrono>

using namespace troupe::game;
using namespace troupe::test;
using namespace std::chrono_literals;
using testing::client;
using testing::world;

namespace {

// An optimised build keeps the whole promise; others, sanitizers above all, a tenth of it.
#ifdef __OPTIMIZE__
constexpr std::chrono::minutes play_time{60};
#else
constexpr std::chrono::minutes play_time{6};
#endif

} // namespace

TEST_CASE("replay: an hour of 16 players at 30 Hz comes out alike, in under 20 seconds",
          "[game][replay]") {
  world test{make_room_kind<arena>("arena"), {.seed = 16, .latency = 30ms, .jitter = 20ms}};
  for (int i = 0; i < 16; ++i)
    test.join("player").each_tick([](client& me) {
      me.send(steer{me.random().between(-1.0, 1.0), me.random().chance(0.5)});
      if (me.random().below(30) == 0)
        me.send(fire{});
    });
  test.run_for(play_time);
  const auto recording = test.recording();
  replay again{make_room_kind<arena>("arena"), recording};
  const auto begin = std::chrono::steady_clock::now();
  again.run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  CHECK(again.ticks() == test.tick());
  CHECK(again.ticks() >= static_cast<std::uint64_t>(30 * 60 * play_time.count()));
  CHECK(again.entries() > 16 * again.ticks());
  CHECK(!again.first_difference());
  CHECK(took.count() < 20);
}
