#include "protocol/close_code.hpp"

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
