#include "protocol/close_code.hpp"

namespace troupe {

std::string_view to_string(close_code code) noexcept {
  switch (code) {
  case close_code::normal:
    return "normal";
  case close_code::going_away:
    return "going away";
  case close_code::protocol_error:
    return "protocol error";
  case close_code::unsupported_data:
    return "unsupported data";
  case close_code::no_status:
    return "no status";
  case close_code::abnormal:
    return "abnormal closure";
  case close_code::invalid_payload:
    return "invalid payload data";
  case close_code::policy_violation:
    return "policy violation";
  case close_code::message_too_big:
    return "message too big";
  case close_code::missing_extension:
    return "mandatory extension missing";
  case close_code::internal_error:
    return "internal error";
  case close_code::service_restart:
    return "service restart";
  case close_code::try_again_later:
    return "try again later";
  case close_code::bad_gateway:
    return "bad gateway";
  case close_code::tls_handshake:
    return "TLS handshake error";
  }
  return {};
}

} // namespace troupe

namespace troupe::protocol {

// No default label: the compiler reports an enumerator without a row.
close_code to_close_code(errc reason) noexcept {
  switch (reason) {
  case errc::ok:
  case errc::closed:
    return close_code::normal;
  case errc::no_pong:
  case errc::going_away:
    return close_code::going_away;
  case errc::protocol_error:
    return close_code::protocol_error;
  case errc::connection_lost:
    return close_code::abnormal;
  case errc::invalid_utf8:
    return close_code::invalid_payload;
  case errc::malformed_message:
  case errc::payload_too_deep:
  case errc::payload_too_complex:
  case errc::unknown_operation:
  case errc::unknown_event:
  case errc::bad_arguments:
  case errc::bad_name:
  case errc::not_a_member:
  case errc::room_refused:
  case errc::room_parked:
  case errc::too_many_rooms:
  case errc::timed_out:
  case errc::rate_limited:
  case errc::policy_violation:
  case errc::refused:
    return close_code::policy_violation;
  case errc::message_too_big:
    return close_code::message_too_big;
  case errc::handler_failed:
  case errc::internal:
    return close_code::internal_error;
  case errc::slow_consumer:
  case errc::write_timeout:
    return close_code::try_again_later;
  }
  return close_code::internal_error;
}

} // namespace troupe::protocol
