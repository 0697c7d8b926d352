#pragma once
#include "troupe/game/room_stats.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::game {

using room_figures = std::vector<std::shared_ptr<const room_stats>>;

/// The last figures of every room, for whoever wants to read them.
///
/// Rooms pin up a copy of theirs, so that reading asks no room and waits for none.
///
/// Threading:  any.
class room_board {
public:
  void pin(room_stats figures);
  void take_down(std::string_view room);
  /// In the order of their ids.
  room_figures all() const;

private:
  mutable std::mutex lock_;
  std::map<std::string, std::shared_ptr<const room_stats>, std::less<>> rooms_;
};

/// {"rooms": [...], "kinds": [...]}: each room's figures, and the sums of each kind. Times are
/// in microseconds; docs/operations.md has the list.
std::string to_json(const room_figures& rooms, std::chrono::steady_clock::time_point now);

} // namespace troupe::game
