#pragma once
#include <memory>

namespace troupe {
class endpoint;
class http_routes;
} // namespace troupe

namespace troupe::game {

class room_directory;
class room_matches;

/// The calls of `offer_room_calls` by HTTP, below the endpoint's path:
///
///     POST /create, /join_matching, /join_or_create    a request, as in the protocol
///     POST /join                                       {room, password?, seats?}
///     POST /find, GET /find?kind=...                   public rooms
///     POST /match                                      {kind, rating?, size?}: {ticket}
///     GET, DELETE /match/TICKET                        how it stands, no longer
///
/// Bodies and answers are JSON. Threading: before the server runs.
void offer_room_http(http_routes& routes, const endpoint& at,
                     const std::shared_ptr<room_directory>& rooms,
                     const std::shared_ptr<room_matches>& matches);

} // namespace troupe::game
