#pragma once
#include "troupe/bytes.hpp"
#include "troupe/neffos_message.hpp"
#include "troupe/refusal.hpp"
#include "troupe/result.hpp"

#include "protocol/frame.hpp"
#include "protocol/neffos_events.hpp"
#include "protocol/opcode.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::protocol {

/// One message of the neffos protocol:
///
///     wait ; namespace ; room ; event ; is_error ; is_noop ; body
///
/// Names are here as the application sees them; on the wire their semicolons are escaped. Wait and
/// body are never escaped.
///
/// Ownership:  views into the bytes that were decoded and, for names with an escape in them, into
///             the storage given to `decode_neffos`.
struct neffos_view {
  std::string_view wait{};    ///< opaque; an answer carries it byte for byte
  std::string_view exclude{}; ///< from an exchange only
  std::string_view space{};   ///< namespace
  std::string_view room{};
  std::string_view event{};
  byte_view body{};           ///< the error's text if `is_error`
  opcode type = opcode::text; ///< text or binary: the frame it came in, or is to go out in
  bool is_error = false;      ///< never with an empty body
  bool is_noop = false;
  bool is_native = false; ///< the body is the whole frame, unless there is a token
  bool from_exchange = false;

  friend bool operator==(const neffos_view& a, const neffos_view& b) noexcept;
};

// -- decoding ----

/// Reads the content of a text or binary frame.
///
/// Total. Copies nothing but names that hold an escape. Whatever stands in the token's place, a
/// message from a client keeps it as it is.
/// @param unescaped  working memory for names; keeps its capacity, so reuse it.
/// @pre a text frame's bytes are valid UTF-8, as `ws_reader` delivers them.
/// @returns `malformed_message` for fewer than six separators and for names or tokens in a binary
///          frame that are not UTF-8, unless either is a native message; and for an empty frame,
///          which callers ignore without counting it as an error.
result<neffos_view, refusal> decode_neffos(opcode type, byte_view bytes, std::string& unescaped,
                                           neffos_reading how = {});

// -- encoding ----

/// The kind of frame `message` can travel in: binary where text was asked for but would not be
/// valid UTF-8, which peers answer by dropping the connection.
opcode type_on_wire(const neffos_view& message) noexcept;

/// The content of `message`'s frame. An error without a text gets the text "error": neffos
/// libraries do not agree on what it would mean without.
/// @pre is_valid_wait(message.wait), and `wait` or `exclude` is empty.
std::vector<std::byte> to_bytes(const neffos_view& message);

/// A server's frame that holds `message`: one allocation, one copy.
/// @pre as for `to_bytes`.
frame_ptr encode_neffos(const neffos_view& message);

/// The answer to `request` with `body`: everything else, kind of frame included, is the request's.
neffos_view make_reply(const neffos_view& request, byte_view body) noexcept;

/// The answer to `request` that says it failed. Always text: neffos.js cannot read the reason
/// from a binary frame.
neffos_view make_error_reply(const neffos_view& request, std::string_view text) noexcept;

/// The confirmation of a request: token and six separators, always text. The flags are empty.
frame_ptr encode_empty_reply(std::string_view wait);

// -- opening of a connection ----

/// Whether a client's first frame opens a neffos connection. The first byte decides, the rest is
/// ignored; text and binary are the same.
inline bool is_neffos_opening(byte_view bytes) noexcept {
  return !bytes.empty() && bytes.front() == std::byte{'M'};
}

/// The server's first frame: the connection is accepted under `id`.
frame_ptr encode_ack(std::string_view id);

/// The server's only frame: the connection is refused because of `text`.
frame_ptr encode_ack_refusal(std::string_view text);

/// What a server answered to the opening.
struct neffos_ack {
  bool is_accepted = false;
  std::string_view text; ///< the connection's id, or why it was refused; a view of the frame

  friend bool operator==(const neffos_ack&, const neffos_ack&) = default;
};

/// Reads a server's first frame, for clients.
result<neffos_ack, refusal> decode_ack(byte_view bytes) noexcept;

} // namespace troupe::protocol
