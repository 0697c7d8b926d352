#pragma once
#include "tests/integration/support/byte_stream.hpp"

#include <string>
#include <string_view>

namespace troupe::test {

/// An answer of the server. `status` 0: the connection ended without one.
struct http_answer {
  int status = 0;
  std::string head;
  std::string body;

  /// The value of the first field `name` (spelled as the server does); empty if there is none.
  std::string field(std::string_view name) const;
};

/// Reads one answer with its body. What arrived behind it is left in `buffer`.
http_answer read_answer(byte_stream& from, std::string& buffer, bool has_body = true);

/// Sends `request` on a connection of its own. @returns the answer.
http_answer ask_http(std::uint16_t port, std::string_view request);

/// A GET for `target` with `fields`, complete lines.
std::string get(std::string_view target, std::string_view fields = {});

/// A POST of `body` to `target` with `fields`, complete lines.
std::string post(std::string_view target, std::string_view body, std::string_view fields = {});

/// The first text that is the value of `key`, or in it; JSON without blanks or escapes.
std::string text_of(const std::string& json, const std::string& key);

/// The fields of a correct opening handshake.
inline constexpr std::string_view upgrade_fields =
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// An opening handshake for `target` with more `fields`.
inline std::string upgrade(std::string_view target, std::string_view fields = {}) {
  return get(target, std::string{upgrade_fields}.append(fields));
}

} // namespace troupe::test
