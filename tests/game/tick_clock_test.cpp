#include "game/tick_clock.hpp"

#include "troupe/game/random.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <vector>

using namespace troupe::game;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST_CASE("tick_clock: ticks are due at multiples of the period", "[game][tick_clock]") {
  tick_clock clock{30, 5s};
  CHECK(clock.deadline() == 5s + 33'333'333ns);
  CHECK(clock.advance(5s + 33'333'332ns).ticks == 0);
  const auto due = clock.advance(5s + 34ms);
  CHECK(due.ticks == 1);
  CHECK(due.lost == 0);
  CHECK(due.late == 666'667ns);
  CHECK(clock.deadline() == 5s + 66'666'666ns);
}

TEST_CASE("tick_clock: does not drift, not in a year", "[game][tick_clock]") {
  for (const std::uint32_t rate : {1U, 7U, 30U, 60U, 1'000U}) {
    tick_clock clock{rate, 0ns};
    std::uint64_t ticks = 0;
    for (int hour = 1; hour <= 24 * 365; ++hour) {
      const auto due = clock.advance(std::chrono::hours{hour});
      ticks += due.ticks + due.lost;
    }
    CHECK(ticks == std::uint64_t{24} * 365 * 3'600 * rate);
    CHECK(clock.deadline() == std::chrono::hours{24 * 365} + 1'000'000'000ns / rate);
  }
}

TEST_CASE("tick_clock: catches up with five ticks and no more", "[game][tick_clock]") {
  tick_clock clock{10, 0ns};
  auto due = clock.advance(500ms);
  CHECK(due.ticks == 5);
  CHECK(due.lost == 0);
  due = clock.advance(1'250ms);
  CHECK(due.ticks == 5);
  CHECK(due.lost == 2);
  CHECK(due.late == 650ms);
  CHECK(clock.deadline() == 1'300ms);
}

TEST_CASE("tick_clock: may skip what it missed", "[game][tick_clock]") {
  tick_clock clock{10, 0ns, overrun_policy::skip};
  const auto due = clock.advance(350ms);
  CHECK(due.ticks == 1);
  CHECK(due.lost == 2);
  CHECK(clock.deadline() == 400ms);
}

TEST_CASE("tick_clock: rooms take turns", "[game][tick_clock]") {
  const auto rate = GENERATE(1U, 20U, 30U, 60U, 1'000U);
  const auto rooms = GENERATE(2U, 10U, 100U);
  const nanoseconds period{1'000'000'000 / rate};
  random_source numbers{rate};
  std::vector<nanoseconds> phases;
  for (std::uint64_t number = 1; number <= rooms; ++number) {
    const nanoseconds now{5'000'000'000 + numbers.below(3'000'000'000)};
    auto clock = tick_clock::in_turn(rate, now, number);
    REQUIRE(clock.deadline() > now);
    REQUIRE(clock.deadline() <= now + period + 1ns);
    REQUIRE(clock.advance(clock.deadline()).ticks == 1);
    phases.push_back(clock.deadline() % 1s % period);
  }
  std::sort(phases.begin(), phases.end());
  for (std::size_t i = 1; i < phases.size(); ++i)
    CHECK(phases[i] - phases[i - 1] > period / rooms / 4);
}

TEST_CASE("tick_clock: neither misses nor repeats a deadline, whenever it is asked",
          "[game][tick_clock]") {
  random_source numbers{3};
  for (const std::uint32_t rate : {3U, 30U, 60U, 144U, 997U}) {
    tick_clock clock{rate, 17ns};
    nanoseconds now{17};
    std::uint64_t seen = 0;
    for (int i = 0; i < 2'000; ++i) {
      now += nanoseconds{numbers.below(40'000'000)};
      if (numbers.below(3) == 0)
        now = std::max(now, clock.deadline()); // exactly in time
      const auto due = clock.advance(now);
      seen += due.ticks + due.lost;
      REQUIRE(clock.deadline() > now);
      REQUIRE(clock.advance(now).ticks == 0);
      const std::chrono::duration<double> elapsed = now - 17ns;
      REQUIRE(static_cast<double>(seen) == Approx(elapsed.count() * rate).margin(1.001));
    }
  }
}
