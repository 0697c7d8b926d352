#pragma once
#include "troupe/errc.hpp"

#include "game/entry.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

namespace troupe::game {

/// The inputs of all players of one room that wait for their tick.
///
/// Bounded per player, so that nobody can make others wait. Within one player they are used in the
/// order of arrival, whatever ticks they name; between players too, among those of one tick.
///
/// Threading:  belongs to its room.
/// Errors:     `rate_limited` if a player has too many waiting, `bad_arguments` if an input names a
///             tick too far ahead.
class input_queue {
public:
  struct limits {
    std::uint32_t queued;   ///< per player
    std::uint32_t per_tick; ///< per player
    std::uint64_t lead;     ///< ticks
  };

  /// @param tick  the last one that has run.
  errc push(incoming::input next, std::uint64_t tick, const limits& allowed);
  /// The inputs for `tick`, in order.
  std::vector<incoming::input> take(std::uint64_t tick, const limits& allowed);
  void forget(player_id who);
  void clear() noexcept;
  std::size_t size() const noexcept { return waiting_.size(); }

  auto saved() { return std::tie(waiting_, backlogs_); }

private:
  struct backlog {
    std::uint32_t size = 0;
    std::uint64_t last_tick = 0; // of its newest input
    auto saved() { return std::tie(size, last_tick); }
  };

  std::vector<incoming::input> waiting_;  // in the order of arrival
  std::map<player_id, backlog> backlogs_; // of those who have inputs waiting
};

} // namespace troupe::game
