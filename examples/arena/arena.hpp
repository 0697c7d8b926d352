#pragma once

namespace troupe {
class server;
namespace game {
struct room_kind;
} // namespace game
} // namespace troupe

namespace arena {

/// Ships that fly, shoot and collide among drifting rocks: rooms of kind "arena" behind /rooms, and
/// the page that plays it at /arena/.
void add_to(troupe::server& server);

/// The same rooms for other uses, such as replaying them.
troupe::game::room_kind make_kind();

} // namespace arena
