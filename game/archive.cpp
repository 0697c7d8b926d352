#include "troupe/game/archive.hpp"

#include <bit>
#include <cstring>

namespace troupe::game {

namespace {

constexpr std::uint64_t odd_constant = 0x9E3779B97F4A7C15U;

constexpr std::uint64_t mix(std::uint64_t value) noexcept {
  value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9U;
  value = (value ^ value >> 27) * 0x94D049BB133111EBU;
  return value ^ value >> 31;
}

std::uint64_t load_little(byte_view from) noexcept {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, from.data(), from.size());
  } else {
    for (std::size_t i = 0; i < from.size(); ++i)
      word |= std::to_integer<std::uint64_t>(from[i]) << (8 * i);
  }
  return word;
}

} // namespace

std::uint64_t hash_state(byte_view bytes) noexcept {
  std::uint64_t hash = mix(bytes.size() + odd_constant);
  for (; bytes.size() >= 8; bytes = bytes.subspan(8))
    hash = mix((hash ^ load_little(bytes.first<8>())) + odd_constant);
  if (!bytes.empty())
    hash = mix((hash ^ load_little(bytes)) + odd_constant);
  return hash;
}

} // namespace troupe::game
