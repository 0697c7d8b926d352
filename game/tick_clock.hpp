#pragma once
#include "troupe/game/options.hpp"

#include <chrono>
#include <cstdint>

namespace troupe::game {

/// When the ticks of one room are due: at multiples of its period from the start, whatever
/// happened before, so that no error adds up.
///
/// `in_turn` spreads the deadlines of many rooms, so that they do not all want to run at once.
///
/// Lost ticks are never run: the room's own tick counts those that were, and its virtual time
/// stands still meanwhile.
///
/// Threading:  belongs to its room. Time is an argument, of any clock that does not go back.
/// Errors:     none.
class tick_clock {
public:
  using nanoseconds = std::chrono::nanoseconds;
  static constexpr std::uint64_t most_at_once = 5;

  /// The first tick is due one period after `start`. @pre rate is 1 ... 1,000,000 per second
  tick_clock(std::uint32_t rate, nanoseconds start,
             overrun_policy policy = overrun_policy::catch_up) noexcept
      : rate_{rate}, start_{start}, policy_{policy} {}

  /// The clock of the room with this number, the first tick within a period after `now`. However
  /// many rooms of one rate there are, their deadlines are about evenly spread over the period.
  static tick_clock in_turn(std::uint32_t rate, nanoseconds now, std::uint64_t number,
                            overrun_policy policy = overrun_policy::catch_up) noexcept;

  /// When to call `advance` next.
  nanoseconds deadline() const noexcept { return deadline_of(passed_ + 1); }

  struct due {
    std::uint64_t ticks = 0; ///< to be run now
    std::uint64_t lost = 0;  ///< not to be run at all
    nanoseconds late{0};     ///< since the deadline of the first of them
  };
  due advance(nanoseconds now) noexcept;

private:
  nanoseconds deadline_of(std::uint64_t number) const noexcept;
  std::uint64_t passed_by(nanoseconds now) const noexcept;

  std::uint32_t rate_;
  nanoseconds start_;
  overrun_policy policy_;
  std::uint64_t passed_ = 0; // deadlines, run or lost
};

} // namespace troupe::game
