#include "troupe/game/archive.hpp"

#include <algorithm>
#include <array>
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

/// Four chains side by side: the next word of one need not wait for those of the others.
std::uint64_t hash_state(byte_view bytes) noexcept {
  std::array<std::uint64_t, 4> chains{1, 2, 3, 4};
  const auto size = bytes.size();
  for (; bytes.size() >= 32; bytes = bytes.subspan(32))
    for (std::size_t i = 0; i < chains.size(); ++i)
      chains[i] = mix((chains[i] ^ load_little(bytes.subspan(8 * i, 8))) + odd_constant);
  std::uint64_t hash = mix(size + odd_constant);
  for (const auto each : chains)
    hash = mix((hash ^ each) + odd_constant);
  for (; !bytes.empty(); bytes = bytes.subspan(std::min<std::size_t>(8, bytes.size())))
    hash = mix((hash ^ load_little(bytes.first(std::min<std::size_t>(8, bytes.size()))))
               + odd_constant);
  return hash;
}

} // namespace troupe::game
