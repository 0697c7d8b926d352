#include "actors/start_connection.hpp"

#include "actors/connection_actor.hpp"
#include "actors/hub_actor.hpp"

#include <utility>

namespace troupe::actors {

void start_connection(shard& home, runtime& shared, accepted_connection from,
                      std::span<std::byte> early) {
  auto& hub = home.hub();
  auto made = spawn_pinned<connection_actor, caf::hidden + caf::lazy_init>(
    home, shared, hub.next_id(), std::move(from));
  hub.add(made);
  made.object->state().start(early);
}

} // namespace troupe::actors
