#pragma once
#include "net/timer_wheel.hpp"

#include <algorithm>
#include <cstdint>

namespace troupe::net {

/// Rate limit with a burst (token bucket): `rate` units per second on average, `burst` at once.
///
/// Threading:  one thread. Time is an argument.
class token_bucket {
public:
  /// Takes `cost` units if they are there. @returns false if they are not; nothing is taken then.
  /// A rate of 0 means unlimited.
  bool take(double cost, double rate, double burst, time_point now) noexcept {
    if (rate <= 0)
      return true;
    refill(rate, burst, now);
    if (used_ + cost > burst)
      return false;
    used_ += cost;
    return true;
  }

  /// Allows `units` more once, beyond the burst.
  void grant(double units) noexcept { used_ -= units; }

  double used() const noexcept { return used_; } ///< as of the last `take`

private:
  void refill(double rate, double burst, time_point now) noexcept {
    auto passed = std::chrono::duration<double>(now - last_).count();
    const auto least = std::min(used_, 0.0); // what was granted stays
    used_ = std::clamp(used_ - passed * rate, least, burst);
    last_ = now;
  }

  double used_ = 0; ///< units taken and not yet refilled
  time_point last_{};
};

} // namespace troupe::net
