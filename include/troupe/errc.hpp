#pragma once
#include <cstdint>
#include <string_view>

namespace troupe {

/// Everything that can go wrong and be told to a client, an operator or a caller.
///
/// The numbers travel in the native protocol's `error` message (docs/wire-format.md): they are
/// never renumbered and never reused. Zero is success.
enum class errc : std::uint8_t {
  ok = 0,
  malformed_message = 1,  ///< the bytes are not a message of the negotiated protocol
  payload_too_deep = 2,   ///< msgpack nesting exceeds the limit
  payload_too_complex = 3,///< msgpack declares more elements than allowed, or than bytes are left
  unknown_operation = 4,  ///< the operation byte is not known or not allowed in this direction
  unknown_event = 5,      ///< no handler is registered for the event
  bad_arguments = 6,      ///< the payload does not fit the handler's parameters
  bad_name = 7,           ///< a name violates the grammar [A-Za-z0-9_.:/-]{1,128}
  not_a_member = 8,       ///< the connection has not joined the room
  room_refused = 9,       ///< the application refused the join
  room_parked = 10,       ///< the room failed too often and takes no members for now
  too_many_rooms = 11,    ///< the connection reached its limit of rooms
  handler_failed = 12,    ///< the handler threw an exception
  timed_out = 13,         ///< no reply came in time
  rate_limited = 14,      ///< more messages or bytes per second than allowed
  message_too_big = 15,   ///< the message exceeds the size limit
  protocol_error = 16,    ///< the peer violated RFC 6455
  invalid_utf8 = 17,      ///< a text message is not valid UTF-8
  policy_violation = 18,  ///< fragments, control frames or messages beyond the limits
  slow_consumer = 19,     ///< the peer reads more slowly than it is sent ordered messages
  no_pong = 20,           ///< the peer did not answer a ping in time
  write_timeout = 21,     ///< the peer took no byte for too long
  going_away = 22,        ///< the server is shutting down
  connection_lost = 23,   ///< the socket failed or ended without a closing handshake
  internal = 24,          ///< a bug in the server; details are in its log only
  closed = 25,            ///< the connection or room is already gone
  refused = 26,           ///< the application refused the request
};

/// One English sentence that explains `code` to a person; never empty, static storage.
std::string_view to_string(errc code) noexcept;

} // namespace troupe
