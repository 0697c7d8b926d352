#include "protocol/ws_partial.hpp"

#include <algorithm>
#include <cstring>

namespace troupe::protocol {

void ws_reader::partial::begin_frame(const ws_header& header) {
  has_frame = true;
  frame = header;
  missing = header.length;
  control_size = 0;
  if (is_control(header.op))
    return;
  if (!has_message) {
    has_message = true;
    is_compressed = header.is_compressed;
    op = header.op;
  }
  ++fragments;
}

bool ws_reader::partial::append(std::span<std::byte> payload, const ws_limits& limits) {
  apply_mask(payload, frame.key);
  frame.key = advance_mask(frame.key, payload.size());
  if (is_control(frame.op)) {
    append_control(payload);
  } else {
    reserve(payload.size(), limits);
    message.insert(message.end(), payload.begin(), payload.end());
  }
  missing -= payload.size();
  return is_control(frame.op) || op != opcode::text || is_compressed || utf8.feed(payload);
}

void ws_reader::partial::append_control(std::span<std::byte> payload) noexcept {
  std::copy(payload.begin(), payload.end(), control.begin() + control_size);
  control_size = static_cast<std::uint8_t>(control_size + payload.size());
}

// Doubles, but not beyond what the message can still become.
void ws_reader::partial::reserve(std::size_t count, const ws_limits& limits) {
  const auto needed = message.size() + count;
  if (needed <= message.capacity())
    return;
  const auto declared = message.size() + static_cast<std::size_t>(missing);
  const auto bound = frame.is_final ? declared : std::max(declared, limits.max_message_bytes);
  message.reserve(std::clamp(2 * message.capacity(), needed, std::max(bound, needed)));
}

} // namespace troupe::protocol
