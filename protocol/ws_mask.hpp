#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace troupe::protocol {

/// The masking key of one frame, in wire order (RFC 6455 section 5.3).
using mask_key = std::array<std::byte, 4>;

/// The key that continues a payload of which `count` bytes are already masked or unmasked.
constexpr mask_key advance_mask(const mask_key& key, std::size_t count) noexcept {
  return {key[count % 4], key[(count + 1) % 4], key[(count + 2) % 4], key[(count + 3) % 4]};
}

/// Masks or unmasks `bytes` in place; the operation is its own inverse.
inline void apply_mask(std::span<std::byte> bytes, const mask_key& key) noexcept {
  std::uint32_t half;
  std::memcpy(&half, key.data(), sizeof half);
  const std::uint64_t pattern = (std::uint64_t{half} << 32) | half;
  std::byte* at = bytes.data();
  std::byte* const end = at + bytes.size();
  for (; end - at >= 32; at += 32) {
    std::array<std::uint64_t, 4> words;
    std::memcpy(words.data(), at, sizeof words);
    for (auto& word : words)
      word ^= pattern;
    std::memcpy(at, words.data(), sizeof words);
  }
  for (; end - at >= 8; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    word ^= pattern;
    std::memcpy(at, &word, sizeof word);
  }
  for (std::size_t index = 0; at != end; ++at, ++index)
    *at ^= key[index % 4];
}

} // namespace troupe::protocol
