#pragma once
#include "troupe/game/metadata.hpp"
#include "troupe/payload.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::game {

/// What somebody wants who looks for a room, or for a new one.
struct room_request {
  std::string kind;
  room_filter filter{};         ///< for rooms that exist; a new one gets its `equal` conditions
  std::vector<sort_key> sort{}; ///< which is taken of several; none: the fullest, then the oldest
  std::uint32_t seats = 1;      ///< in one room, for a group
  payload options = payload();  ///< for `on_create` of a new room
  game::metadata metadata{};    ///< of a new room, besides the conditions
  bool is_private = false;      ///< a new room that is found by its id only
  std::string password{};       ///< of a new room; those with one are found by their id only
};

} // namespace troupe::game
