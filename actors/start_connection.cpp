#include "actors/start_connection.hpp"

#include "actors/connection_actor.hpp"
#include "actors/hub_actor.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace troupe::actors {

void start_connection(shard& home, runtime& shared, accepted_connection from,
                      std::span<std::byte> early) {
  auto& hub = home.hub();
  auto made = spawn_pinned<connection_actor, caf::hidden + caf::lazy_init>(
    home, shared, hub.next_id(), std::move(from));
  hub.add(made);
  made.object->state().start(early);
}

namespace {

void resume_here(shard& home, runtime& shared, accepted_connection& from,
                 std::span<std::byte> early) {
  auto* known = home.hub().find(from.claim->id);
  if (known != nullptr && known->resume(from, early) != claim_verdict::refused)
    return;
  if (!from.ticket)
    return; // the server is full: it was let in for its claim only
  from.session = protocol::session_outcome::resync;
  start_connection(home, shared, std::move(from), early);
}

} // namespace

void resume_connection(runtime& shared, accepted_connection from, std::span<std::byte> early) {
  struct parcel {
    accepted_connection from;
    std::vector<std::byte> early;
  };
  auto& home = *shared.shards[shared.shard_of(from.claim->id)];
  auto carried = std::make_shared<parcel>(parcel{std::move(from), {early.begin(), early.end()}});
  home.post([&home, &shared, carried] { resume_here(home, shared, carried->from, carried->early); });
}

} // namespace troupe::actors
