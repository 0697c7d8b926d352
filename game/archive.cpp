#include "troupe/game/archive.hpp"

namespace troupe::game {

namespace {

constexpr std::uint64_t odd_constant = 0x9E3779B97F4A7C15U;

constexpr std::uint64_t mix(std::uint64_t value) noexcept {
  value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9U;
  value = (value ^ value >> 27) * 0x94D049BB133111EBU;
  return value ^ value >> 31;
}

std::uint64_t load_little(const std::byte* from, std::size_t size) noexcept {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i)
    word |= std::to_integer<std::uint64_t>(from[i]) << (8 * i);
  return word;
}

} // namespace

std::uint64_t hash_state(byte_view bytes) noexcept {
  std::uint64_t hash = mix(bytes.size() + odd_constant);
  while (!bytes.empty()) {
    const auto size = bytes.size() < 8 ? bytes.size() : 8;
    hash = mix((hash ^ load_little(bytes.data(), size)) + odd_constant);
    bytes = bytes.subspan(size);
  }
  return hash;
}

} // namespace troupe::game
