#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::test {

/// A WebSocket frame spelled out bit by bit, so that tests can also write wrong ones.
struct raw_frame {
  std::uint8_t first_byte = 0x82; ///< FIN, RSV1-3, opcode
  std::string payload{};
  bool is_masked = true;
  int length_bytes = -1;                      ///< 0, 2 or 8; negative: as few as possible
  std::uint64_t declared_length = UINT64_MAX; ///< UINT64_MAX: the payload's
  std::uint32_t key = 0x37FA213D;
};

inline std::string encode(const raw_frame& frame) {
  const std::uint64_t length =
      frame.declared_length == UINT64_MAX ? frame.payload.size() : frame.declared_length;
  const int minimal = length < 126 ? 0 : length <= 0xFFFF ? 2 : 8;
  const int extended = frame.length_bytes < 0 ? minimal : frame.length_bytes;
  const std::uint64_t short_length = extended == 0 ? length : extended == 2 ? 126 : 127;
  std::string bytes;
  bytes += static_cast<char>(frame.first_byte);
  bytes += static_cast<char>(short_length | (frame.is_masked ? 0x80 : 0));
  for (int shift = 8 * (extended - 1); shift >= 0; shift -= 8)
    bytes += static_cast<char>((length >> shift) & 0xFF);
  char key[4] = {};
  if (frame.is_masked) {
    for (int index = 0; index < 4; ++index)
      bytes += key[index] = static_cast<char>((frame.key >> (24 - 8 * index)) & 0xFF);
  }
  for (std::size_t index = 0; index < frame.payload.size(); ++index)
    bytes += static_cast<char>(frame.payload[index] ^ key[index % 4]);
  return bytes;
}

/// The first byte of a frame: opcode, with or without FIN.
inline constexpr std::uint8_t continuation = 0x0, text = 0x1, binary = 0x2, closing = 0x8,
                              ping = 0x9, pong = 0xA, fin = 0x80, rsv1 = 0x40, rsv2 = 0x20,
                              rsv3 = 0x10;

/// A correct frame as a client sends it.
inline std::string client_frame(int first_byte, std::string_view payload) {
  return encode(
      {.first_byte = static_cast<std::uint8_t>(first_byte), .payload = std::string{payload}});
}

/// The payload of a close frame.
inline std::string close_payload(int code, std::string_view reason = {}) {
  return std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)}.append(reason);
}

} // namespace troupe::test
