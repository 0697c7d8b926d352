#pragma once
#include <cstdint>
#include <string>

#include "troupe/connection.hpp"
#include "troupe/delivery.hpp"
#include "troupe/payload.hpp"
#include "troupe/room.hpp"

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

// Connections and rooms as CAF actors, for programs that have actors of their own. The only public
// header that names CAF; nothing else needs it.

namespace troupe {

/// Send it to a connection's or room's actor: the client, or all members, get the event.
struct emit_event {
  std::string event;
  payload content{};
  delivery how{};
};

/// Send it to a connection's actor: closes it like `connection::close`.
struct close_connection {
  std::uint16_t code = 1000;
  std::string reason{};
};

/// The actor behind a connection; it understands `emit_event` and `close_connection`.
///
/// The handle may be kept, sent around, and used from any thread or actor. It can be monitored: the
/// actor ends when its socket is closed; messages to it are dropped from then on.
/// Threading: call it where the connection may be used.
caf::actor to_actor(connection& from);

/// The actor behind a room; it understands `emit_event`. It ends when the room is disposed of.
/// Threading: call it where the room may be used.
caf::actor to_actor(room& from);

} // namespace troupe

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::emit_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::close_connection)
