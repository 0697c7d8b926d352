#pragma once
#include "troupe/game/metadata.hpp"

#include <cstdint>
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

} // namespace troupe::game
