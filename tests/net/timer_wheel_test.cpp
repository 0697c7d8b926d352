#include "net/timer_wheel.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using troupe::net::time_point;
using troupe::net::timer;
using troupe::net::timer_wheel;

namespace {

const time_point start = time_point{} + 1000h;

struct probe final : timer {
  std::function<void(time_point)> fire = [](time_point) {};
  int fired = 0;

private:
  void on_timer(time_point now) noexcept override {
    ++fired;
    fire(now);
  }
};

using slot = std::chrono::duration<std::int64_t, std::ratio<1, 16'000>>;

/// What a wheel promises, in the simplest form: a tick per armed timer.
class naive_model {
public:
  void arm(std::size_t which, time_point deadline) {
    auto tick = std::max(std::chrono::ceil<slot>(deadline - start), slot{now_tick + 1});
    if (tick - slot{now_tick} > 4s)
      tick = std::chrono::ceil<std::chrono::milliseconds>(tick);
    armed[which] = {deadline, tick.count()};
  }

  /// `which` fires now: is that right?
  bool fires(std::size_t which, time_point now) {
    auto found = armed.find(which);
    if (found == armed.end())
      return false;
    auto [deadline, tick] = found->second;
    armed.erase(found);
    auto is_first = std::none_of(armed.begin(), armed.end(),
                                 [tick = tick](auto& other) { return other.second.second < tick; });
    return deadline <= now && tick <= now_tick && is_first;
  }

  bool has_due() const {
    return std::any_of(armed.begin(), armed.end(),
                       [this](auto& each) { return each.second.second <= now_tick; });
  }

  std::optional<time_point> earliest() const {
    std::optional<time_point> result;
    for (auto& [which, times] : armed) {
      auto due = std::max(times.first, start + slot{times.second});
      result = std::min(result.value_or(due), due);
    }
    return result;
  }

  std::map<std::size_t, std::pair<time_point, std::int64_t>> armed;
  std::int64_t now_tick = 0;
};

/// Does the same at random to a wheel and to the model.
class comparison {
public:
  explicit comparison(std::uint32_t seed) : random_{seed}, timers_(64) {
    for (std::size_t i = 0; i < timers_.size(); ++i)
      timers_[i].fire = [this, i](time_point now) {
        is_right = is_right && model_.fires(i, now);
        meddle(i);
      };
  }

  void step() {
    switch (below(8)) {
    case 0:
    case 1:
    case 2:
      arm(below(64));
      break;
    case 3:
      disarm(below(64));
      break;
    default:
      advance();
    }
    for (std::size_t i = 0; i < timers_.size(); ++i)
      is_right = is_right && timers_[i].is_armed() == (model_.armed.count(i) != 0);
    auto wakeup = wheel_.next_wakeup();
    auto earliest = model_.earliest();
    is_right = is_right && (earliest ? wakeup && *wakeup <= *earliest : !wakeup);
  }

  bool is_right = true;

private:
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

  std::chrono::microseconds distance(std::uint32_t rare) {
    static constexpr std::uint32_t bounds[] = {3'000, 90'000, 5'000'000, 400'000'000};
    if (below(rare) == 0)
      return below(40) * 1h;
    return std::chrono::microseconds{below(bounds[below(4)])};
  }

  void arm(std::size_t which) {
    auto deadline = now_ + distance(20) - std::chrono::microseconds{below(2'000)};
    wheel_.arm(timers_[which], deadline);
    model_.arm(which, deadline);
  }

  void disarm(std::size_t which) {
    timers_[which].disarm();
    model_.armed.erase(which);
  }

  /// What handlers do.
  void meddle(std::size_t which) {
    switch (below(8)) {
    case 0:
      return arm(which);
    case 1:
      return arm(below(64));
    case 2:
      return disarm(below(64));
    default:
      return;
    }
  }

  void advance() {
    now_ += below(4) != 0 ? std::chrono::microseconds{below(4'000)} : distance(2'000);
    model_.now_tick = std::chrono::floor<slot>(now_ - start).count();
    wheel_.advance(now_);
    is_right = is_right && !model_.has_due();
  }

  std::mt19937 random_;
  time_point now_ = start;
  timer_wheel wheel_{start};
  naive_model model_;
  std::vector<probe> timers_;
};

} // namespace

TEST_CASE("timer_wheel: does what a plain map of deadlines would do", "[net][timer_wheel]") {
  auto seed = std::random_device{}();
  CAPTURE(seed);
  comparison both{seed};
  int step = 0;
  while (step < 100'000 && both.is_right) {
    both.step();
    ++step;
  }
  CAPTURE(step);
  CHECK(both.is_right);
}

TEST_CASE("timer_wheel: never fires early", "[net][timer_wheel]") {
  timer_wheel wheel{start};
  probe one;
  wheel.arm(one, start + 1500us);
  wheel.advance(start + 1499us);
  CHECK(one.fired == 0);
  wheel.advance(start + 1500us);
  CHECK(one.fired == 1);
  wheel.advance(start + 1h);
  CHECK(one.fired == 1);
}

TEST_CASE("timer_wheel: wakes once for a timer, at most a sixteenth of a millisecond late",
          "[net][timer_wheel]") {
  auto rate = GENERATE(20, 30, 60, 1'000);
  timer_wheel wheel{start};
  probe tick;
  for (int i = 1; i <= 3 * rate; ++i) {
    const auto deadline = start + 1'000'000'000ns * i / rate;
    wheel.arm(tick, deadline);
    const auto wakeup = wheel.next_wakeup();
    REQUIRE(wakeup);
    REQUIRE(*wakeup >= deadline);
    REQUIRE(*wakeup < deadline + slot{1});
    wheel.advance(*wakeup);
    REQUIRE(tick.fired == i);
  }
}

TEST_CASE("timer_wheel: a disarmed timer costs one wake-up per level at most",
          "[net][timer_wheel]") {
  timer_wheel wheel{start};
  probe gone, kept;
  wheel.arm(gone, start + 2s);
  wheel.arm(kept, start + 2100ms);
  gone.disarm();
  int wakeups = 0;
  for (; kept.fired == 0; ++wakeups)
    wheel.advance(*wheel.next_wakeup());
  CHECK(wakeups <= 4);
}

TEST_CASE("timer_wheel: timers far ahead share whole milliseconds", "[net][timer_wheel]") {
  timer_wheel wheel{start};
  std::vector<probe> pings(100);
  for (std::size_t i = 0; i < pings.size(); ++i)
    wheel.arm(pings[i], start + 20s + 1us * (10 * i + 1));
  CHECK(*wheel.next_wakeup() == start + 20'001ms);
  wheel.advance(start + 20'001ms);
  CHECK(std::all_of(pings.begin(), pings.end(), [](auto& each) { return each.fired == 1; }));
}

TEST_CASE("timer_wheel: fires in the order of the ticks", "[net][timer_wheel]") {
  timer_wheel wheel{start};
  std::vector<std::chrono::milliseconds> order;
  std::vector<probe> timers(6);
  const std::chrono::milliseconds delays[] = {70s, 5ms, 2h, 64ms, 4096ms, 63ms};
  for (std::size_t i = 0; i < timers.size(); ++i) {
    timers[i].fire = [&order, delay = delays[i]](time_point) { order.push_back(delay); };
    wheel.arm(timers[i], start + delays[i]);
  }
  wheel.advance(start + 3h);
  CHECK(order == std::vector<std::chrono::milliseconds>{5ms, 63ms, 64ms, 4096ms, 70s, 2h});
}

TEST_CASE("timer_wheel: a timer armed by a handler waits for the next call", "[net][timer_wheel]") {
  timer_wheel wheel{start};
  probe one;
  one.fire = [&](time_point now) { wheel.arm(one, now - 1s); };
  wheel.arm(one, start + 10ms);
  wheel.advance(start + 500ms);
  CHECK(one.fired == 1);
  wheel.advance(start + 501ms);
  CHECK(one.fired == 2);
}

TEST_CASE("timer_wheel: a handler may disarm and destroy timers that are due",
          "[net][timer_wheel]") {
  timer_wheel wheel{start};
  auto first = std::make_unique<probe>();
  auto second = std::make_unique<probe>();
  probe third;
  third.fire = [&](time_point) { FAIL("it was disarmed"); };
  first->fire = [&](time_point) {
    second.reset();
    third.disarm();
    auto self = std::move(first); // the last thing it does
  };
  wheel.arm(*first, start + 5ms);
  wheel.arm(*second, start + 5ms);
  wheel.arm(third, start + 5ms);
  wheel.advance(start + 5ms);
  CHECK(first == nullptr);
  CHECK(!third.is_armed());
  CHECK(!wheel.next_wakeup());
}

TEST_CASE("timer_wheel: keeps deadlines beyond its last level", "[net][timer_wheel]") {
  timer_wheel wheel{start};
  probe one;
  wheel.arm(one, start + 30h);
  for (auto hour = 1h; hour < 30h; ++hour) {
    REQUIRE(wheel.next_wakeup());
    REQUIRE(*wheel.next_wakeup() <= start + 30h);
    wheel.advance(start + hour);
    REQUIRE(one.fired == 0);
  }
  wheel.advance(start + 30h);
  CHECK(one.fired == 1);
}

TEST_CASE("timer_wheel: timers outlive their wheel", "[net][timer_wheel]") {
  probe one;
  {
    timer_wheel wheel{start};
    wheel.arm(one, start + 1s);
    CHECK(one.is_armed());
  }
  CHECK(!one.is_armed());
}
