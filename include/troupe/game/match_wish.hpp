#pragma once
#include "troupe/describe.hpp"
#include "troupe/game/seat_reservation.hpp"

#include <cstdint>
#include <string>

namespace troupe::game {

/// Who wants a match: one player, or a group that stays in one team.
struct match_wish {
  std::string kind;
  double rating = 0;
  std::uint32_t size = 1;
};
BOOST_DESCRIBE_STRUCT(match_wish, (), (kind, rating, size))

/// A match, as each of its players is told: as many tokens as the group has players.
struct match_offer : seat_reservation {
  std::uint32_t team = 0;  ///< from 0
  std::uint32_t teams = 0; ///< in the match
};
BOOST_DESCRIBE_STRUCT(match_offer, (seat_reservation), (team, teams))

} // namespace troupe::game
