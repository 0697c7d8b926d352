#pragma once
#include "game/duration_histogram.hpp"
#include "game/tick_clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace troupe::game {

/// What one room costs, and how well it keeps its time. It is fed with times, and asks no clock.
///
/// Threading:  belongs to its room; read a copy elsewhere.
/// Ownership:  a plain value of about 5 KiB.
/// Errors:     none.
class room_meter {
public:
  using nanoseconds = std::chrono::nanoseconds;

  void bytes_came(std::uint64_t count) noexcept { bytes_in_ += count; }
  void bytes_went(std::uint64_t count) noexcept { bytes_out_ += count; }
  /// What `tick_clock::advance` said, before its ticks are run.
  void woke(const tick_clock::due& what) noexcept;
  void ticked(nanoseconds duration) noexcept;
  /// Work outside of ticks: joins, patches.
  void worked(nanoseconds duration) noexcept { cpu_ += duration; }

  std::uint64_t ticks() const noexcept { return duration_.count(); }
  std::uint64_t lost_ticks() const noexcept { return lost_; }
  /// How often a tick was still not run when the next one was due.
  std::uint64_t overruns() const noexcept { return overruns_; }
  nanoseconds cpu() const noexcept { return cpu_; }
  std::uint64_t bytes_in() const noexcept { return bytes_in_; }
  std::uint64_t bytes_out() const noexcept { return bytes_out_; }
  const duration_histogram& tick_duration() const noexcept { return duration_; }
  const duration_histogram& tick_jitter() const noexcept { return jitter_; }

  /// For the log: a room that lost ticks, or was busy for more than nine tenths of a second.
  struct overload {
    std::uint64_t lost_ticks = 0; ///< within the second
    double busy = 0;              ///< fraction of the second
  };
  /// Call it at least once per second; it tells at most every ten seconds.
  std::optional<overload> check(nanoseconds now) noexcept;

private:
  duration_histogram duration_;
  duration_histogram jitter_;
  nanoseconds cpu_{0};
  std::uint64_t lost_ = 0;
  std::uint64_t overruns_ = 0;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
  // of `check`: the values a second ago
  std::optional<nanoseconds> checked_at_;
  std::optional<nanoseconds> told_at_;
  nanoseconds cpu_then_{0};
  std::uint64_t lost_then_ = 0;
};

} // namespace troupe::game
