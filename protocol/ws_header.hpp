#pragma once
#include "troupe/bytes.hpp"
#include "troupe/errc.hpp"

#include "protocol/opcode.hpp"
#include "protocol/ws_mask.hpp"

#include <cstddef>
#include <cstdint>

namespace troupe::protocol {

/// Which end of the connection reads: it decides whether frames must or must not be masked.
enum class ws_role : std::uint8_t {
  server, ///< reads what a client sent: every frame is masked
  client, ///< reads what a server sent: no frame is masked
};

/// The longest header: two bytes, a 64-bit length, a masking key.
inline constexpr std::size_t max_ws_header_bytes = 14;

/// The longest payload of a control frame.
inline constexpr std::size_t max_control_bytes = 125;

/// The header of one WebSocket frame (RFC 6455 section 5.2), decoded.
struct ws_header {
  opcode op = opcode::continuation;
  bool is_final = false;
  bool is_compressed = false; ///< RSV1, the mark of permessage-deflate
  std::uint8_t size = 0;      ///< bytes the header itself takes
  mask_key key{};             ///< zero when the frame is not masked
  std::uint64_t length = 0;   ///< bytes of payload that follow
};

/// What `parse_ws_header` made of the bytes so far.
enum class header_verdict : std::uint8_t {
  incomplete, ///< correct so far, more bytes are needed
  complete,   ///< `header` is filled in
  invalid,    ///< violates RFC 6455: errc::protocol_error
};

/// Decodes the header that begins `input`, and checks every rule that needs no knowledge of the
/// frames before it: masking, reserved bits, opcode, minimal length, size and finality of
/// control frames. RSV1 is accepted on text and binary frames only; whether compression was
/// negotiated is the caller's knowledge. A violation is reported as soon as its byte is there.
header_verdict parse_ws_header(byte_view input, ws_role role, ws_header& header) noexcept;

} // namespace troupe::protocol
