#pragma once
#include "game/recording.hpp"
#include "game/room_core.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace troupe::game {

/// Runs a recording through the code of its rooms.
///
/// Threading:  belongs to one thread.
/// Ownership:  views the recording. Owns the room, which may be looked at wherever it has stopped.
/// Errors:     `problem` says why it cannot be replayed.
class replay {
public:
  /// @param kind  has the inputs and timers that the recorded kind had; its options are replaced.
  replay(const room_kind& kind, byte_view recording);
  replay(const replay&) = delete;
  replay& operator=(const replay&) = delete;

  /// One sentence; empty if there is none.
  const std::string& problem() const noexcept { return problem_; }

  /// Whether the state is compared with the recorded one after every tick; otherwise it is faster.
  void compare(bool wanted) noexcept { compares_ = wanted; }
  /// Up to and including this tick, or to the end. May be called again to go on.
  void run(std::uint64_t to_tick = std::numeric_limits<std::uint64_t>::max());

  std::uint64_t ticks() const noexcept { return ticks_; }     ///< that were replayed
  std::uint64_t entries() const noexcept { return entries_; } ///< that were replayed
  /// The first tick after which the state was not the recorded one.
  std::optional<std::uint64_t> first_difference() const noexcept { return first_difference_; }
  recording_reader::end ending() const noexcept { return reader_.ending(); }
  const room_kind& kind() const noexcept {
    return kind_;
  }                                             ///< with the options of the recorded room
  room_core& room() noexcept { return *room_; } ///< @pre no problem

private:
  std::string find_problem(const room_kind& kind) const;
  void step(const recorded_step& what);

  recording_reader reader_;
  room_kind kind_;
  std::unique_ptr<room_core> room_;
  std::string problem_;
  bool compares_ = true;
  std::uint64_t ticks_ = 0;
  std::uint64_t entries_ = 0;
  std::optional<std::uint64_t> first_difference_;
};

} // namespace troupe::game
