#pragma once
#include "troupe/bytes.hpp"
#include "troupe/close_code.hpp"
#include "troupe/errc.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// What a WebSocket frame carries; the numbers are those of the wire.
enum class message_type : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

constexpr bool is_control(message_type type) noexcept {
  return type >= message_type::close;
}

/// How a call of a `websocket` or one of its readers and writers went.
///
/// - `closed` with a `close_code`: the other side's close frame came; 1005 = it had no code.
/// - `closed` with `close_code` 0: this side has sent its close frame or has dropped the
/// connection.
/// - `connection_lost` with 1006: the connection ended without a close frame.
/// - `timed_out`: a deadline passed.
/// - `message_too_big`, `protocol_error`, `invalid_utf8`: the other side broke this rule.
/// - `refused`, `bad_arguments`: the call makes no sense now, or with these arguments.
/// - `handler_failed`: a ping, pong or close handler threw.
struct websocket_status {
  errc code = errc::ok;
  std::uint16_t close_code = 0; ///< of the end of the connection; 0 = it says nothing about it
  std::string text{};           ///< the close reason, or a sentence for people

  explicit operator bool() const noexcept { return code == errc::ok; }
};

/// Whether the connection ended with one of `codes`.
bool is_close_error(const websocket_status& status,
                    std::initializer_list<close_code> codes) noexcept;

/// Whether the connection ended, but with none of the `expected` codes.
bool is_unexpected_close_error(const websocket_status& status,
                               std::initializer_list<close_code> expected) noexcept;

/// The payload of a close frame. Codes that must not be sent (such as 1005) make it empty; the
/// text is cut, between two characters, to the 123 bytes that fit.
std::string format_close_message(close_code code, std::string_view text = {});

/// One whole message.
struct websocket_message {
  message_type type = message_type::binary;
  std::vector<std::byte> bytes{};

  /// The content as text. Ownership: a view into `bytes`.
  std::string_view text() const noexcept { return as_text(bytes); }
};

} // namespace troupe
