#include "protocol/ws_header.hpp"

#include <algorithm>

namespace troupe::protocol {
namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t compressed_bit = 0x40;
constexpr std::uint8_t reserved_bits = 0x30;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t length_16_bit = 126;
constexpr std::uint8_t length_64_bit = 127;

constexpr bool is_known(std::uint8_t op) noexcept {
  return op <= 0x2 || (op >= 0x8 && op <= 0xA);
}

bool parse_first_byte(std::uint8_t byte, ws_header& header) noexcept {
  const std::uint8_t op = byte & 0x0F;
  header.op = static_cast<opcode>(op);
  header.is_final = (byte & final_bit) != 0;
  header.is_compressed = (byte & compressed_bit) != 0;
  if (!is_known(op) || (byte & reserved_bits) != 0)
    return false;
  if (is_control(header.op) && !header.is_final)
    return false;
  return !header.is_compressed || header.op == opcode::text || header.op == opcode::binary;
}

bool check_second_byte(std::uint8_t byte, ws_role role, const ws_header& header) noexcept {
  const bool is_masked = (byte & mask_bit) != 0;
  if (is_masked != (role == ws_role::server))
    return false;
  return !is_control(header.op) || (byte & ~mask_bit) <= max_control_bytes;
}

std::uint64_t big_endian(byte_view bytes) noexcept {
  std::uint64_t value = 0;
  for (const auto byte : bytes)
    value = (value << 8) | std::to_integer<std::uint64_t>(byte);
  return value;
}

bool is_minimal(std::uint8_t short_length, std::uint64_t length) noexcept {
  if (short_length == length_16_bit)
    return length >= length_16_bit;
  return short_length < length_16_bit || (length > 0xFFFF && (length >> 63) == 0);
}

} // namespace

header_verdict parse_ws_header(byte_view input, ws_role role, ws_header& header) noexcept {
  if (input.empty())
    return header_verdict::incomplete;
  if (!parse_first_byte(std::to_integer<std::uint8_t>(input[0]), header))
    return header_verdict::invalid;
  if (input.size() < 2)
    return header_verdict::incomplete;
  const auto second = std::to_integer<std::uint8_t>(input[1]);
  if (!check_second_byte(second, role, header))
    return header_verdict::invalid;

  const std::uint8_t short_length = second & 0x7F;
  const std::size_t extended = short_length == length_64_bit   ? 8
                               : short_length == length_16_bit ? 2
                                                               : 0;
  if (input.size() < 2 + extended)
    return header_verdict::incomplete;
  header.length = extended == 0 ? short_length : big_endian(input.subspan(2, extended));
  if (!is_minimal(short_length, header.length))
    return header_verdict::invalid;

  const std::size_t key_at = 2 + extended;
  const std::size_t key_size = role == ws_role::server ? header.key.size() : 0;
  if (input.size() < key_at + key_size)
    return header_verdict::incomplete;
  std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(key_at), key_size, header.key.begin());
  header.size = static_cast<std::uint8_t>(key_at + key_size);
  return header_verdict::complete;
}

} // namespace troupe::protocol
