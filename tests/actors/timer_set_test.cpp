#include "actors/timer_set.hpp"

#include "tests/support/catch.hpp"

#include <memory>

using namespace std::chrono_literals;
using troupe::timer_id;
using troupe::actors::timer_set;
using troupe::net::reactor;

namespace {

/// Virtual time: only what `pass` says goes by.
struct clock_work {
  reactor home;
  std::unique_ptr<timer_set> timers = std::make_unique<timer_set>(home);

  void pass_until(std::chrono::milliseconds since_start) {
    home.timers.advance(home.now() + since_start + 1ms); // ticks are whole milliseconds
  }
};

} // namespace

TEST_CASE("timer_set: after fires once, every again and again", "[actors][timer_set]") {
  clock_work w;
  int once = 0, often = 0;
  w.timers->after(10ms, [&] { ++once; });
  w.timers->every(10ms, [&] { ++often; });
  w.pass_until(8ms);
  CHECK(once + often == 0);
  for (auto time = 10ms; time <= 50ms; time += 10ms)
    w.pass_until(time);
  CHECK(once == 1);
  CHECK(often == 5);
}

TEST_CASE("timer_set: deadlines and periods may be fractions of a millisecond",
          "[actors][timer_set]") {
  clock_work w;
  const auto start = w.home.now();
  int at = 0, after = 0, often = 0;
  w.timers->at(start + 1250us, [&] { ++at; });
  w.timers->after(1300us, [&] { ++after; });
  w.timers->every(1500us, [&] { ++often; });
  w.home.timers.advance(start + 1249us);
  CHECK(at + after + often == 0);
  w.home.timers.advance(start + 1400us);
  CHECK(at == 1);
  CHECK(after == 1);
  for (auto time = 1500us; time <= 15'000us; time += 500us)
    w.home.timers.advance(start + time + 100us); // slots are 1/16 ms wide
  CHECK(often == 10);
  w.timers->at(start, [&] { ++at; });
  w.home.timers.advance(start + 16ms);
  CHECK(at == 2);
}

TEST_CASE("timer_set: periods do not drift, missed ones are skipped", "[actors][timer_set]") {
  clock_work w;
  int fired = 0;
  w.timers->every(10ms, [&] { ++fired; });
  w.pass_until(17ms); // late by 7
  CHECK(fired == 1);
  w.pass_until(20ms); // the next one is on time
  CHECK(fired == 2);
  w.pass_until(95ms);
  CHECK(fired == 3);
  w.pass_until(98ms);
  CHECK(fired == 3);
  w.pass_until(100ms);
  CHECK(fired == 4);
}

TEST_CASE("timer_set: a timer may be cancelled, also by itself", "[actors][timer_set]") {
  clock_work w;
  int fired = 0;
  auto gone = w.timers->after(5ms, [&] { FAIL("it was cancelled"); });
  timer_id self = 0;
  self = w.timers->every(5ms, [&] {
    ++fired;
    w.timers->cancel(self);
    CHECK(fired == 1); // what it captured is still there
  });
  w.timers->cancel(gone);
  w.timers->cancel(gone);
  w.timers->cancel(0);
  w.pass_until(5ms);
  w.pass_until(50ms);
  CHECK(fired == 1);
}

TEST_CASE("timer_set: a timer may end all of them", "[actors][timer_set]") {
  clock_work w;
  int fired = 0;
  auto captured = std::make_shared<int>(7);
  auto end = GENERATE(false, true);
  auto run = [&w, &fired, captured, end] {
    ++fired;
    if (end)
      w.timers.reset();
    else
      w.timers->clear();
    CHECK(*captured == 7);
  };
  w.timers->every(5ms, run);
  w.timers->after(5ms, run);
  w.pass_until(5ms);
  w.pass_until(50ms);
  CHECK(fired == 1);
}

TEST_CASE("timer_set: a timer may add timers", "[actors][timer_set]") {
  clock_work w;
  int fired = 0;
  w.timers->after(5ms, [&] {
    for (int i = 0; i < 100; ++i)
      w.timers->after(5ms, [&] { ++fired; });
  });
  w.pass_until(5ms);
  CHECK(fired == 0);
  w.pass_until(20ms);
  CHECK(fired == 100);
}
