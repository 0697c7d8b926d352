#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::load {

/// What goes into the opening handshake of one connection (RFC 6455 section 4.1).
struct handshake_request {
  std::string host; ///< the Host field: "127.0.0.1:8080"
  std::string path;
  std::string key;         ///< base64 of 16 bytes
  std::string subprotocol; ///< empty = none offered
  std::vector<std::pair<std::string, std::string>> headers;
};

std::string to_text(const handshake_request& request);

/// The longest response head that is read.
inline constexpr std::size_t max_response_bytes = 16 * 1024;

/// What the server's answer says.
struct handshake_response {
  std::size_t head_bytes = 0; ///< up to and including the empty line
  std::string problem; ///< why it is no upgrade: a status line or a sentence; empty = upgraded
};

/// Reads the response head at the beginning of `received`. Total: any input.
/// @param expected_accept  the value that Sec-WebSocket-Accept must have.
/// @returns nothing while the head is incomplete.
std::optional<handshake_response> read_response(std::string_view received,
                                                std::string_view expected_accept,
                                                std::string_view subprotocol);

} // namespace troupe::load
