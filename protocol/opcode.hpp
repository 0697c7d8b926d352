#pragma once
#include <cstdint>

namespace troupe::protocol {

/// RFC 6455 section 5.2.
enum class opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xA,
};

constexpr bool is_control(opcode op) noexcept {
  return (static_cast<std::uint8_t>(op) & 0x8) != 0;
}

/// Where a piece stands in its message.
struct message_place {
  bool is_first = true;
  bool is_last = true;
};

} // namespace troupe::protocol
