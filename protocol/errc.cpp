#include "troupe/errc.hpp"

namespace troupe {

// No default label: the compiler reports an enumerator without a sentence.
std::string_view to_string(errc code) noexcept {
  switch (code) {
  case errc::ok:
    return "There is no error.";
  case errc::malformed_message:
    return "The bytes are not a message of the negotiated protocol.";
  case errc::payload_too_deep:
    return "The payload is nested more deeply than allowed.";
  case errc::payload_too_complex:
    return "The payload declares more elements than are allowed or can follow.";
  case errc::unknown_operation:
    return "The operation is not known or not allowed in this direction.";
  case errc::unknown_event:
    return "No handler is registered for this event.";
  case errc::bad_arguments:
    return "The arguments do not fit the parameters of the handler.";
  case errc::bad_name:
    return "A name must have 1 to 128 characters out of A-Z, a-z, 0-9 and _ . : / -.";
  case errc::not_a_member:
    return "This connection has not joined the room.";
  case errc::room_refused:
    return "The application refused to let this connection join the room.";
  case errc::room_parked:
    return "The room failed too often and takes no members for now.";
  case errc::too_many_rooms:
    return "This connection has joined as many rooms as it may.";
  case errc::handler_failed:
    return "The handler failed with an exception.";
  case errc::timed_out:
    return "No reply came in time.";
  case errc::rate_limited:
    return "More messages or bytes were sent per second than allowed.";
  case errc::message_too_big:
    return "The message is larger than allowed.";
  case errc::protocol_error:
    return "The peer violated the WebSocket protocol.";
  case errc::invalid_utf8:
    return "A text message is not valid UTF-8.";
  case errc::policy_violation:
    return "Fragments, control frames or messages exceeded the limits.";
  case errc::slow_consumer:
    return "The peer reads more slowly than it is sent messages that must not be dropped.";
  case errc::no_pong:
    return "The peer did not answer a ping in time.";
  case errc::write_timeout:
    return "The peer accepted no data for too long.";
  case errc::going_away:
    return "The server is shutting down.";
  case errc::connection_lost:
    return "The connection ended without a closing handshake.";
  case errc::internal:
    return "The server failed internally; its log has the details.";
  case errc::closed:
    return "The connection or room is already closed.";
  case errc::refused:
    return "The application refused the request.";
  }
  return "The error code is not known.";
}

} // namespace troupe
