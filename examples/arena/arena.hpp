#pragma once
#include "troupe/game/fields.hpp"
#include "troupe/game/room_kind.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace troupe {
class server;
} // namespace troupe

/// Ships that fly, shoot and collide among drifting rocks.
namespace arena {

namespace game = troupe::game;

constexpr double width = 3'200, height = 2'400; // the field wraps at its edges
using coordinate = game::ranged<0, 4'095, 8>;

struct ship {
  coordinate x, y;
  game::angle<8> heading;
  bool thrusts = false, is_alive = true;
  std::uint16_t score = 0;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(ship, (), (x, y, heading, thrusts, is_alive, score, name))
struct thing { // a shot, of size 0, or a rock
  coordinate x, y;
  game::bits<2> size = 0;
  std::uint32_t by = 0; // whose shot it is
};
BOOST_DESCRIBE_STRUCT(thing, (), (x, y, size, by))
struct field {                         // what players see
  std::map<std::uint32_t, ship> ships; // by player
  std::map<std::uint32_t, thing> shots, rocks;
};
BOOST_DESCRIBE_STRUCT(field, (), (ships, shots, rocks))
struct steer {     // what they send, until the next one
  double turn = 0; // -1 to 1
  bool thrust = false, fire = false;
};
BOOST_DESCRIBE_STRUCT(steer, (), (turn, thrust, fire))

/// Offers rooms of kind "arena" behind /rooms.
void add_to(troupe::server& server);
game::room_kind make_kind(); ///< the same rooms, to replay them

} // namespace arena
