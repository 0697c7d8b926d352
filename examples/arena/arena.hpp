#pragma once

namespace troupe {
class server;
} // namespace troupe

namespace arena {

/// Ships that fly, shoot and collide among drifting rocks: rooms of kind "arena" behind /rooms, and
/// the page that plays it at /arena/.
void add_to(troupe::server& server);

} // namespace arena
