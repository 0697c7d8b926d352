#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace troupe::protocol {

/// The masking key of one frame, in wire order (RFC 6455 section 5.3).
using mask_key = std::array<std::byte, 4>;
inline constexpr std::size_t mask_key_bytes = 4;

/// The key at `at`, which stands in front of the payload on the wire.
inline mask_key load_mask(const std::byte* at) noexcept {
  return {at[0], at[1], at[2], at[3]};
}

/// The key that continues a payload of which `count` bytes are already masked or unmasked.
constexpr mask_key advance_mask(const mask_key& key, std::size_t count) noexcept {
  return {key[count % 4], key[(count + 1) % 4], key[(count + 2) % 4], key[(count + 3) % 4]};
}

/// Unmasks the eight bytes at `at`. Memcpy is the portable unaligned access: one instruction each.
inline void apply_mask_word(std::byte* at, std::uint64_t pattern) noexcept {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  word ^= pattern;
  std::memcpy(at, &word, sizeof word);
}

/// Masks or unmasks `bytes` in place; the operation is its own inverse.
inline void apply_mask(std::span<std::byte> bytes, const mask_key& key) noexcept {
  std::uint32_t half;
  std::memcpy(&half, key.data(), sizeof half);
  const std::uint64_t pattern = (std::uint64_t{half} << 32) | half;
  std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 32; left -= 32, at += 32) {
    apply_mask_word(at, pattern);
    apply_mask_word(at + 8, pattern);
    apply_mask_word(at + 16, pattern);
    apply_mask_word(at + 24, pattern);
  }
  for (; left >= 8; left -= 8, at += 8)
    apply_mask_word(at, pattern);
  for (std::size_t index = 0; index != left; ++index)
    at[index] ^= key[index % 4];
}

} // namespace troupe::protocol
