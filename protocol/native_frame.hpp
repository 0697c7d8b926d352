#pragma once
#include "troupe/bytes.hpp"

#include "protocol/frame.hpp"
#include "protocol/native_encode.hpp"
#include "protocol/ws_writer.hpp"

#include <algorithm>

namespace troupe::protocol {

/// A server's binary WebSocket frame that holds the message `front` + `payload`: one allocation,
/// one copy of the payload.
inline frame_ptr encode_frame(const envelope& front, byte_view payload = {}) {
  const auto length = front.size() + payload.size();
  auto result = frame_ptr::allocate(header_size(length) + length);
  auto* const begin = result.spare().data();
  auto* to = begin + write_header(begin, opcode::binary, length);
  to = std::copy(front.bytes().begin(), front.bytes().end(), to);
  to = std::copy(payload.begin(), payload.end(), to);
  result.grow(static_cast<std::size_t>(to - begin));
  return result;
}

} // namespace troupe::protocol
