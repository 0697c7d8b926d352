#pragma once
#include "troupe/game/listing.hpp"

#include <set>
#include <string>
#include <vector>

namespace troupe::game {

/// `rooms` in the order of `sort`; equal ones keep their order.
void sort_rooms(std::vector<const listing*>& rooms, const std::vector<sort_key>& sort);

/// What one visitor of a lobby is shown: the rooms that fit its filter, and then their changes.
///
/// Threading:  belongs to one thread.
class lobby_view {
public:
  lobby_view(std::string kind, room_filter filter);

  /// All that fit, among all public rooms. The beginning.
  lobby_changes begin(const std::vector<listing>& all);
  /// A room that no longer fits is gone.
  lobby_changes update(const lobby_changes& news);

private:
  bool fits(const listing& room) const noexcept;

  std::string kind_;
  room_filter filter_;
  std::set<std::string> shown_;
};

} // namespace troupe::game
