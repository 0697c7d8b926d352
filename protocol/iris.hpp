#pragma once
#include "troupe/bytes.hpp"
#include "troupe/refusal.hpp"
#include "troupe/result.hpp"

#include "protocol/frame.hpp"
#include "protocol/opcode.hpp"

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe::protocol {

/// What iris itself puts in front of events; go-websocket says `go-websocket-message:`.
inline constexpr std::string_view default_iris_prefix = "iris-websocket-message:";

/// The type digit of an event.
enum class iris_type : std::uint8_t { text = 0, integer = 1, boolean = 2, bytes = 3, json = 4 };

/// One message of the legacy iris websocket protocol: `<prefix><event>;<type digit>;<data>`, or a
/// native message, which has no prefix in front.
///
/// Ownership:  views into the bytes that were decoded.
struct iris_message {
  bool is_native = false;   ///< `data` is the whole frame; there is no event
  std::string_view event{}; ///< holds no semicolon
  iris_type type = iris_type::text;
  byte_view data{}; ///< may be empty; UTF-8 unless the frame was binary

  friend bool operator==(const iris_message& a, const iris_message& b) noexcept;
};

/// Bytes as a value.
///
/// Ownership:  a view, like every text in an `iris_value`.
struct iris_bytes {
  byte_view bytes;

  friend bool operator==(const iris_bytes& a, const iris_bytes& b) noexcept {
    return as_text(a.bytes) == as_text(b.bytes);
  }
};

/// JSON text as a value of its own, to tell it from a string.
struct iris_json {
  std::string_view text;

  friend bool operator==(const iris_json&, const iris_json&) = default;
};

/// An event's one argument. `monostate` is no argument.
using iris_value = std::variant<std::monostate, std::string_view, std::int64_t, double, bool,
                                iris_bytes, iris_json>;

// -- decoding ----

/// Reads the content of a frame; text and binary frames are the same.
///
/// Total; nothing is copied. A frame that does not start with `prefix` is a native message.
/// @returns `malformed_message` if behind the prefix there is no event, one digit from 0 to 4 and
///          their two semicolons. The connection can go on.
result<iris_message, refusal> decode_iris(std::string_view prefix, byte_view bytes) noexcept;

/// What an event's data means by its type digit.
///
/// The browser script sends as type 1 whatever coerces to a number: floats, `true`, numeric text,
/// dates and empty arrays. So that digit only says where to begin: an integer of 64 bits, else a
/// number, else a boolean, else the text as it stands. Types 1 and 4 without data are no argument.
/// Type 2 is true if it says `true`. Whoever wants the text as it was typed takes `data`.
iris_value value_of(const iris_message& message) noexcept;

// -- encoding ----

/// Whether `event` can be encoded: it holds no semicolon.
constexpr bool is_valid_iris_event(std::string_view event) noexcept {
  return event.find(';') == std::string_view::npos;
}

/// Whether `prefix` can be an endpoint's prefix: UTF-8 that is not empty and has no control
/// character, quote or backslash, because the browser script holds it in a string.
bool is_valid_iris_prefix(std::string_view prefix) noexcept;

/// The content of a server's event. Integers are decimal digits, as the protocol has always been
/// documented. Floats are JSON; those that JSON has no form for are `null`.
/// @pre is_valid_iris_event(event)
std::vector<std::byte> to_iris_bytes(std::string_view prefix, std::string_view event,
                                     const iris_value& value);

/// A server's frame with an event.
/// @param type  text; or binary for endpoints that send nothing else. Text that would not be valid
///              UTF-8 goes out as binary: browsers drop the connection otherwise.
/// @returns none if the event's name holds a semicolon: the protocol has no way to say it.
frame_ptr encode_iris(std::string_view prefix, std::string_view event, const iris_value& value,
                      opcode type = opcode::text);

/// A server's frame with a native message; `type` as above.
frame_ptr encode_iris_native(byte_view content, opcode type = opcode::text);

} // namespace troupe::protocol
