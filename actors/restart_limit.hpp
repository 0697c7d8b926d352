#pragma once
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

namespace troupe::actors {

/// Restart intensity as in OTP's supervisors: so many restarts within a period, then no more.
///
/// Threading:  one thread. Time is an argument.
class restart_limit {
public:
  static constexpr std::size_t max_restarts = 5;
  static constexpr std::chrono::seconds period{60};
  using time_point = std::chrono::steady_clock::time_point;

  /// Counts a failure. @returns whether to restart; if not, the limit is reached.
  bool allow(time_point now) noexcept {
    auto oldest = std::min_element(restarts_.begin(), restarts_.end());
    if (*oldest != time_point{} && now - *oldest < period)
      return false;
    *oldest = now;
    return true;
  }

private:
  std::array<time_point, max_restarts> restarts_{}; ///< the epoch itself means "never"
};

} // namespace troupe::actors
