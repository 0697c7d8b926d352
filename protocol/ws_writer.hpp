#pragma once
#include "troupe/bytes.hpp"

#include "protocol/close_code.hpp"
#include "protocol/frame.hpp"
#include "protocol/opcode.hpp"
#include "protocol/ws_mask.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

// Encodes WebSocket frames (RFC 6455 section 5.2). Every frame is final but those of messages that
// the application writes in pieces.
//
// Threading:  pure functions, safe from any thread.
// Errors:     none; control frames longer than 125 bytes are the caller's bug.

namespace troupe::protocol {

/// The size of a server's header for `length` bytes of payload: 2, 4 or 10.
constexpr std::size_t header_size(std::size_t length) noexcept {
  return length < 126 ? 2 : length <= 0xFFFF ? 4 : 10;
}

/// Writes a server's header (not masked) to `out`, which has room for `header_size(length)`.
/// @param rsv1  marks the payload as compressed (RFC 7692).
/// @returns the bytes written.
std::size_t write_header(std::byte* out, opcode op, std::size_t length, bool rsv1 = false) noexcept;

/// Writes a client's header, which has `key.size()` bytes more than a server's.
std::size_t write_masked_header(std::byte* out, opcode op, std::size_t length, const mask_key& key,
                                bool rsv1 = false) noexcept;

/// A server's frame with a copy of `payload`.
frame_ptr make_frame(opcode op, byte_view payload, bool rsv1 = false);

/// A server's fragment with a copy of `piece`: continuation frames behind the first, final only the
/// last one. @param is_compressed  the message is compressed: the first frame says so.
frame_ptr make_fragment(opcode op, byte_view piece, message_place place,
                        bool is_compressed = false);

/// A client's frame with a masked copy of `payload`; `key` must be unpredictable for the peer.
frame_ptr make_masked_frame(opcode op, byte_view payload, const mask_key& key, bool rsv1 = false);

/// A server's close frame. The reason is cut, between two characters, to the 123 bytes that fit;
/// a code that must not be on the wire (such as 1005 and 1006) makes the frame empty.
frame_ptr make_close_frame(std::uint16_t code, std::string_view reason = {});
frame_ptr make_close_frame(close_code code, std::string_view reason = {});

} // namespace troupe::protocol
