#pragma once
#include <cstdint>
#include <string_view>

namespace troupe {

/// Status codes of close frames (RFC 6455 section 7.4 and the IANA registry).
///
/// Peers may use any value that `is_valid_close_code` accepts, so a variable of this type can
/// hold values that have no enumerator.
enum class close_code : std::uint16_t {
  normal = 1000,            ///< the purpose of the connection is fulfilled
  going_away = 1001,        ///< the server shuts down, or took the peer for gone
  protocol_error = 1002,    ///< the peer violated RFC 6455
  unsupported_data = 1003,  ///< a kind of message that is not accepted here
  no_status = 1005,         ///< the close frame was empty; never on the wire
  abnormal = 1006,          ///< the connection ended without a close frame; never on the wire
  invalid_payload = 1007,   ///< a text message was not UTF-8
  policy_violation = 1008,  ///< limits or rules of the application were broken
  message_too_big = 1009,   ///< larger than this side takes
  missing_extension = 1010, ///< a client misses an extension that it offered
  internal_error = 1011,    ///< this side failed
  service_restart = 1012,   ///< come back in a moment
  try_again_later = 1013,   ///< overloaded; or the peer read too slowly
  bad_gateway = 1014,       ///< a server behind this one failed
  tls_handshake = 1015,     ///< TLS could not be agreed on; never on the wire
};

/// Whether `code` may stand in a close frame: 1000-1003, 1007-1014, 3000-4999.
constexpr bool is_valid_close_code(std::uint16_t code) noexcept {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
         || (code >= 3000 && code <= 4999);
}

/// A short name, such as "going away"; empty for codes of applications (3000-4999) and unknown
/// ones. Static storage.
std::string_view to_string(close_code code) noexcept;

} // namespace troupe
