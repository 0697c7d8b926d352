#include "game/room_meter.hpp"

#include "troupe/game/random.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace troupe::game;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST_CASE("duration_histogram: small values are exact, extremes are bounded",
          "[game][duration_histogram]") {
  duration_histogram times;
  CHECK(times.quantile(0.5) == 0ns);
  for (int i = 0; i <= 31; ++i)
    times.record(nanoseconds{i});
  CHECK(times.quantile(0) == 0ns);
  CHECK(times.quantile(0.5) == 15ns);
  CHECK(times.quantile(1) == 31ns);
  times.record(-5ns);
  CHECK(times.quantile(0.03) == 0ns);
  times.record(std::chrono::hours{1});
  CHECK(times.max() == nanoseconds{(std::int64_t{1} << 36) - 1});
  CHECK(times.quantile(1) == times.max());
}

TEST_CASE("duration_histogram: quantiles are within a sixteenth", "[game][duration_histogram]") {
  random_source numbers{5};
  duration_histogram times;
  duration_histogram half;
  std::vector<std::int64_t> exact;
  for (int i = 0; i < 20'000; ++i) {
    const auto value = static_cast<std::int64_t>(std::exp(numbers.between(0.0, 22.0)));
    exact.push_back(value);
    (i % 2 == 0 ? times : half).record(nanoseconds{value});
  }
  times.merge(half);
  std::sort(exact.begin(), exact.end());
  CHECK(times.count() == exact.size());
  CHECK(times.max().count() == exact.back());
  for (const double fraction : {0.01, 0.25, 0.5, 0.9, 0.99, 0.999}) {
    const auto rank = static_cast<std::size_t>(std::ceil(fraction * 20'000)) - 1;
    const auto truth = static_cast<double>(exact[rank]);
    const auto found = static_cast<double>(times.quantile(fraction).count());
    CHECK(found >= truth);
    CHECK(found <= truth * 17 / 16 + 1);
  }
}

TEST_CASE("duration_histogram: tells what came since an earlier reading",
          "[game][duration_histogram]") {
  duration_histogram times;
  for (int i = 0; i < 100; ++i)
    times.record(1s);
  const auto earlier = times;
  for (int i = 0; i < 10; ++i)
    times.record(5ns);
  const auto later = times.since(earlier);
  CHECK(later.count() == 10);
  CHECK(later.sum() == 50ns);
  CHECK(later.quantile(1) == 5ns);
  CHECK(times.since(times).quantile(0.5) == 0ns);
}

TEST_CASE("room_meter: adds up what it is told", "[game][room_meter]") {
  room_meter meter;
  meter.bytes_came(10);
  meter.bytes_went(500);
  meter.bytes_went(1);
  meter.woke({.ticks = 0});
  meter.woke({.ticks = 1, .late = 200us});
  meter.woke({.ticks = 5, .lost = 3, .late = 90ms});
  for (int i = 0; i < 6; ++i)
    meter.ticked(2ms);
  meter.worked(12ms);
  meter.worked(5ms);
  const auto& costs = meter.costs();
  CHECK(costs.bytes_in == 10);
  CHECK(costs.bytes_out == 501);
  CHECK(costs.ticks() == 6);
  CHECK(costs.lost_ticks == 3);
  CHECK(costs.overruns == 1);
  CHECK(costs.cpu == 17ms);
  CHECK(costs.tick_jitter.count() == 2);
  CHECK(costs.tick_duration.quantile(1) == 2ms);
}

TEST_CASE("room_meter: names a room that is overloaded within two seconds", "[game][room_meter]") {
  const auto policy = GENERATE(overrun_policy::catch_up, overrun_policy::skip);
  const auto begin = GENERATE(0ms, 20ms, 450ms, 730ms); // of burning
  room_meter meter;
  tick_clock clock{20, 0ns, policy};
  nanoseconds now{0};
  std::vector<nanoseconds> told;
  while (now < 25s) { // each tick burns 50 ms
    now = std::max(now, clock.deadline());
    const auto due = clock.advance(now);
    meter.woke(due);
    for (std::uint64_t i = 0; i < due.ticks; ++i) {
      const auto burnt = now >= begin ? 50ms : 1ms;
      meter.ticked(burnt);
      meter.worked(burnt / 2); // the processor is shared
      now += burnt;
    }
    if (const auto found = meter.check(now, 0.9)) {
      told.push_back(now);
      CHECK(found->busy > 0.9);
      CHECK(found->within >= 500ms);
    }
  }
  CHECK(told.size() == 3);
  CHECK(told.at(0) - begin <= 1500ms);
}

TEST_CASE("room_meter: is quiet about a room that keeps its time", "[game][room_meter]") {
  room_meter meter;
  room_meter on_a_shard;
  bool is_named = false;
  for (int i = 1; i < 3'000; ++i) {
    meter.woke({.ticks = 1, .late = 100us});
    meter.ticked(25ms);
    meter.worked(25ms);
    on_a_shard.worked(25ms);
    CHECK(!meter.check(i * 33ms, 0.9));
    is_named = is_named || on_a_shard.check(i * 33ms, 0.5);
  }
  CHECK(is_named); // three quarters of a core are too much there
}

TEST_CASE("room_meter: names a room that loses ticks without being busy", "[game][room_meter]") {
  room_meter meter;
  CHECK(!meter.check(0s, 0.9));
  meter.woke({.ticks = 5, .lost = 2, .late = 400ms});
  const auto found = meter.check(600ms, 0.9);
  REQUIRE(found);
  CHECK(found->lost_ticks == 2);
  CHECK(found->within == 600ms);
}
