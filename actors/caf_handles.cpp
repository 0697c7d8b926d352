#include "troupe/caf.hpp"

#include "actors/connection_state.hpp"
#include "actors/pinned_actor.hpp"
#include "actors/room_state.hpp"

namespace troupe {

caf::actor to_actor(connection& from) {
  return caf::actor_cast<caf::actor>(&static_cast<actors::scoped_connection&>(from).socket().self());
}

caf::actor to_actor(room& from) {
  return static_cast<actors::room_state&>(from).handle()->actor;
}

} // namespace troupe
