#pragma once
#include "troupe/game/state_patch.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace troupe::game {

/// In which tick a room is, judged by when its patches arrive: those that were fastest on their way
/// tell best. Clocks drift, so that an old judgement fades; a new one is taken over little by
/// little, so that what is shown by it does not jump. web/client/motion.js does the same.
///
/// Threading:  as a value. Time is an argument: any clock that goes on evenly.
/// Errors:     none.
class tick_estimate {
public:
  using instant = std::chrono::duration<double, std::milli>;

  explicit tick_estimate(double ticks_per_s) noexcept : tick_length_{1'000 / ticks_per_s} {}

  /// The state of a tick has come.
  void arrived(tick_number tick, instant now) noexcept {
    const auto found = now - tick_length_ * static_cast<double>(tick);
    if (!is_known())
      offset_ = found;
    else if (found < offset_)
      offset_ += (found - offset_) * trust;
    else
      offset_ = std::min(offset_ + fading, found);
  }
  bool is_known() const noexcept { return offset_ < unknown; }
  /// The tick whose state comes just now if it is as fast as the fastest; with its fraction.
  /// @pre something has arrived
  double at(instant now) const noexcept { return (now - offset_) / tick_length_; }

private:
  static constexpr instant unknown{std::numeric_limits<double>::infinity()};
  static constexpr instant fading{0.1}; ///< per patch
  static constexpr double trust = 0.125;

  instant tick_length_;
  instant offset_ = unknown; ///< when tick 0 would have come
};

} // namespace troupe::game
