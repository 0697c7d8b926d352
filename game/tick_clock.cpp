#include "game/tick_clock.hpp"

#include <algorithm>

namespace troupe::game {

namespace {

constexpr std::uint64_t second = 1'000'000'000;

} // namespace

/// Multiples of the golden ratio, modulo one, divide a circle most evenly.
tick_clock tick_clock::in_turn(std::uint32_t rate, nanoseconds now, std::uint64_t number,
                               overrun_policy policy) noexcept {
  constexpr std::uint32_t golden = 0x9E3779B9; // of 2^32
  const auto phase = static_cast<std::uint32_t>(number) * golden;
  const auto offset = (second / rate * phase) >> 32;
  tick_clock made{rate,
                  std::chrono::floor<std::chrono::seconds>(now) - std::chrono::seconds{1}
                      + nanoseconds{static_cast<std::int64_t>(offset)},
                  policy};
  made.passed_ = made.passed_by(now);
  return made;
}

/// Whole seconds and the rest apart, so that nothing overflows within 292 years.
tick_clock::nanoseconds tick_clock::deadline_of(std::uint64_t number) const noexcept {
  const auto whole = number / rate_ * second;
  const auto rest = number % rate_ * second / rate_;
  return start_ + nanoseconds{static_cast<std::int64_t>(whole + rest)};
}

std::uint64_t tick_clock::passed_by(nanoseconds now) const noexcept {
  const auto elapsed = static_cast<std::uint64_t>((now - start_).count());
  auto number = elapsed / second * rate_ + elapsed % second * rate_ / second;
  return deadline_of(number + 1) <= now ? number + 1 : number; // deadlines are rounded down
}

tick_clock::due tick_clock::advance(nanoseconds now) noexcept {
  const auto first = deadline();
  if (now < first)
    return {};
  const auto passed = passed_by(now);
  const auto behind = passed - passed_;
  const auto run = std::min(behind, policy_ == overrun_policy::catch_up ? most_at_once : 1);
  passed_ = passed;
  return {.ticks = run, .lost = behind - run, .late = now - first};
}

} // namespace troupe::game
