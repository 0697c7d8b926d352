#pragma once
#include "troupe/bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace troupe::protocol {

/// The longest varint: ten groups of seven bits hold 64 bits.
inline constexpr std::size_t max_varint_size = 10;

/// How many bytes `write_varint` writes for `value`: 1 to 10.
constexpr std::size_t varint_size(std::uint64_t value) noexcept {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7)
    ++size;
  return size;
}

/// Writes `value` in groups of seven bits, least significant first (LEB128).
/// @pre `to` has room for `varint_size(value)` bytes.
/// @returns the position behind the last byte.
constexpr std::byte* write_varint(std::byte* to, std::uint64_t value) noexcept {
  for (; value >= 0x80; value >>= 7)
    *to++ = static_cast<std::byte>((value & 0x7F) | 0x80);
  *to++ = static_cast<std::byte>(value);
  return to;
}

enum class varint_fault : std::uint8_t {
  none,
  truncated, ///< the bytes end before the varint does
  too_long,  ///< more than ten bytes or more than 64 bits
  padded,    ///< the same value has a shorter encoding
};

struct varint {
  std::uint64_t value = 0;
  std::size_t size = 0; ///< bytes taken
  varint_fault fault = varint_fault::none;
};

/// Reads the varint at the beginning of `bytes`, in its only valid encoding: the shortest.
constexpr varint read_varint(byte_view bytes) noexcept {
  varint result;
  for (const auto part :
       bytes.first(bytes.size() < max_varint_size ? bytes.size() : max_varint_size)) {
    const auto bits = std::to_integer<std::uint64_t>(part);
    if (result.size == max_varint_size - 1 && bits > 1)
      return {0, 0, varint_fault::too_long};
    result.value |= (bits & 0x7F) << (7 * result.size++);
    if (bits < 0x80)
      return bits == 0 && result.size > 1 ? varint{0, 0, varint_fault::padded} : result;
  }
  return {0, 0, varint_fault::truncated};
}

} // namespace troupe::protocol
