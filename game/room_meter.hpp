#pragma once
#include "troupe/game/room_stats.hpp"

#include "game/tick_clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace troupe::game {

/// Adds up what one room costs, and notices when it is too much. It is fed with times, and asks no
/// clock.
///
/// Threading:  belongs to its room; read a copy of `costs` elsewhere.
/// Ownership:  a plain value.
/// Errors:     none.
class room_meter {
public:
  using nanoseconds = std::chrono::nanoseconds;

  void bytes_came(std::uint64_t count) noexcept { costs_.bytes_in += count; }
  void bytes_went(std::uint64_t count) noexcept { costs_.bytes_out += count; }
  /// What `tick_clock::advance` said, before its ticks are run.
  void woke(const tick_clock::due& what) noexcept;
  /// How long a tick took, and all it caused.
  void ticked(nanoseconds duration) noexcept { costs_.tick_duration.record(duration); }
  /// Processor time of anything.
  void worked(nanoseconds cpu) noexcept { costs_.cpu += cpu; }

  const room_costs& costs() const noexcept { return costs_; }

  /// For the log: a room that lost ticks, or was busy for too long.
  struct overload {
    nanoseconds within{0}; ///< the time since it was last looked at
    std::uint64_t lost_ticks = 0;
    double busy = 0; ///< fraction of the time
  };
  /// Looks at every half second; call it more often. It tells at most every ten seconds.
  /// @param busy_limit  the fraction of the time beyond which a room is overloaded
  std::optional<overload> check(nanoseconds now, double busy_limit) noexcept;

private:
  room_costs costs_;
  // of `check`: when it looked last, and the values then
  std::optional<nanoseconds> checked_at_;
  std::optional<nanoseconds> told_at_;
  nanoseconds cpu_then_{0};
  nanoseconds ticks_then_{0};
  std::uint64_t lost_then_ = 0;
};

} // namespace troupe::game
