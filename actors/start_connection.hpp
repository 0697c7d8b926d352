#pragma once
#include <cstddef>
#include <span>

#include "actors/connection_state.hpp"
#include "actors/runtime.hpp"

namespace troupe::actors {

/// Puts a new WebSocket into an actor on `home`, greets the client and begins to read.
/// @param early  bytes that arrived right behind the upgrade request.
/// Threading: on the shard's thread. Errors: std::system_error if it cannot be watched.
void start_connection(shard& home, runtime& shared, accepted_connection from,
                      std::span<std::byte> early);

/// Puts a socket into the actor that its claim names, on whichever shard that lives; if the claim is
/// wrong, into a new actor there.
/// Threading: as above. @pre `from.claim`
void resume_connection(runtime& shared, accepted_connection from, std::span<std::byte> early);

} // namespace troupe::actors
