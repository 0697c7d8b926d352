#include "protocol/ws_partial.hpp"

#include <algorithm>
#include <cstring>

namespace troupe::protocol {

void ws_reader::partial::begin_frame(const ws_header& header, bool in_parts) {
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
  if (!in_parts || header.length == 0)
    ++fragments;
}

bool ws_reader::partial::append(std::span<std::byte> payload, const ws_limits& limits) {
  apply_mask(payload, frame.key);
  frame.key = advance_mask(frame.key, payload.size());
  if (is_control(frame.op)) {
    append_control(payload);
  } else {
    received += payload.size();
    if (!limits.in_parts)
      keep(payload, limits);
  }
  missing -= payload.size();
  return is_control(frame.op) || op != opcode::text || is_compressed || utf8.feed(payload);
}

void ws_reader::partial::keep(std::span<const std::byte> payload, const ws_limits& limits) {
  reserve(payload.size(), limits);
  message.insert(message.end(), payload.begin(), payload.end());
}

errc ws_reader::partial::open_part(std::span<std::byte>& payload, const ws_limits& limits,
                                   bool is_last) {
  if (is_compressed) {
    if (stream == nullptr)
      stream = std::make_unique<inflater>();
    inflated.clear();
    const std::size_t left =
        limits.max_message_bytes - std::min(reported, limits.max_message_bytes);
    errc error = stream->feed(payload, left, inflated);
    if (error == errc::ok && is_last)
      error = stream->finish(left, inflated);
    if (error != errc::ok)
      return error;
    payload = inflated;
    if (op == opcode::text && !utf8.feed(payload))
      return errc::invalid_utf8;
  }
  reported += payload.size();
  return is_last && !utf8.is_complete() ? errc::invalid_utf8 : errc::ok;
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
