#pragma once
#include "troupe/game/duration_histogram.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace troupe::game {

/// What one room has cost since it was made, and how well it keeps its time.
///
/// Threading:  a plain value of about 5 KiB.
struct room_costs {
  std::chrono::nanoseconds cpu{0};  ///< processor time: ticks, patches, joins, inputs
  std::uint64_t bytes_in = 0;       ///< payloads of inputs
  std::uint64_t bytes_out = 0;      ///< payloads of patches and events, once for each receiver
  std::uint64_t lost_ticks = 0;     ///< that will never be run
  std::uint64_t overruns = 0;       ///< times that a tick was not run when the next one was due
  duration_histogram tick_duration; ///< of each tick, with the patches and events that it causes
  duration_histogram tick_jitter;   ///< how late each wake-up for a tick was

  std::uint64_t ticks() const noexcept { return tick_duration.count(); }
};

/// The figures of one game room, as it published them at `measured_at`.
///
/// Rooms publish twice per second, between two ticks: figures that are much older are those of a
/// room whose tick does not end.
///
/// Threading:  a plain value; `rooms::stats` shares it unchanged.
struct room_stats {
  std::string room; ///< its id
  std::string kind;
  std::uint32_t players = 0;
  room_costs costs;
  std::chrono::steady_clock::time_point measured_at;
};

} // namespace troupe::game
