#pragma once
#include <memory>

namespace troupe {
class endpoint;
} // namespace troupe

namespace troupe::game {

class room_directory;
class room_matches;

/// The calls of clients for seats and lobbies, as handlers of the endpoint:
///
///     rooms.create(request)           a new room
///     rooms.join(room, password?)     one with this id
///     rooms.join_matching(request)    one that is there and fits
///     rooms.join_or_create(request)   one that fits, or a new one
///     rooms.find(request)             public rooms of a kind
///     rooms.watch(request)            the same, and then events `rooms.changed`
///     rooms.unwatch()
///     rooms.match({kind, rating, size})   a ticket, and then an event `rooms.matched`
///     rooms.match_cancel()
///
/// The first four answer {room, tokens}. Threading: before the server runs.
void offer_room_calls(endpoint& at, const std::shared_ptr<room_directory>& rooms,
                      const std::shared_ptr<room_matches>& matches);

} // namespace troupe::game
