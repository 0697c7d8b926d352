#pragma once
#include "troupe/describe.hpp"

#include <string>
#include <vector>

namespace troupe::game {

/// Seats that are kept for a while, for whoever joins `room` with one of the tokens.
struct seat_reservation {
  std::string room;                ///< its id: the name that clients join
  std::vector<std::string> tokens; ///< secrets, one per seat
};
BOOST_DESCRIBE_STRUCT(seat_reservation, (), (room, tokens))

} // namespace troupe::game
