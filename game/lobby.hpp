#pragma once
#include "troupe/game/metadata.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace troupe::game {

/// A room as those see it who look for one.
struct listing {
  std::string id;
  std::string kind;
  std::uint32_t players = 0; ///< seats that are taken or reserved
  std::uint32_t max_players = 0;
  bool is_locked = false;
  bool has_password = false;
  game::metadata metadata;

  bool is_open() const noexcept { return !is_locked && players < max_players; }
};

/// The news of a listing: rooms as they are now, and ids of those that are no longer there.
struct lobby_changes {
  std::vector<listing> present{};
  std::vector<std::string> gone{};

  bool is_empty() const noexcept { return present.empty() && gone.empty(); }
};

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
