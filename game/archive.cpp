#include "troupe/game/archive.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace troupe::game {

namespace {

constexpr std::array<std::uint64_t, 4> odd{0x9E3779B97F4A7C15U, 0xBF58476D1CE4E5B9U,
                                           0x94D049BB133111EBU, 0xD6E8FEB86659FD93U};
constexpr std::size_t block_size = 16 * odd.size();

/// Both halves of the product: every bit of each factor changes many bits of the result.
constexpr std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using wide = unsigned __int128;
  const auto product = wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Chains side by side: the next step of one need not wait for those of the others. Each keeps
/// what it was, apart from its product, so that a factor of zero makes it forget nothing.
using chains = std::array<std::uint64_t, odd.size()>;

void take_in(chains& to, const std::byte* block) noexcept {
  std::array<std::uint64_t, 2 * odd.size()> words;
  static_assert(sizeof(words) == block_size);
  std::memcpy(words.data(), block, block_size);
  for (std::size_t i = 0; i < to.size(); ++i)
    to[i] = std::rotl(to[i], 29)
            ^ fold(boost::endian::little_to_native(words[2 * i]) ^ odd[i],
                   boost::endian::little_to_native(words[2 * i + 1]) ^ to[i]);
}

} // namespace

std::uint64_t hash_state(byte_view bytes) noexcept {
  chains all; // no two alike, nor like `odd`: words that change places must change the hash
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = fold(bytes.size() ^ odd[i], odd[(i + 1) % odd.size()]);
  std::uint64_t hash = bytes.size();
  for (; bytes.size() >= block_size; bytes = bytes.subspan(block_size))
    take_in(all, bytes.data());
  if (!bytes.empty()) {
    std::array<std::byte, block_size> padded{};
    std::ranges::copy(bytes, padded.begin());
    take_in(all, padded.data());
  }
  for (const auto each : all)
    hash = std::rotl(hash, 29) ^ fold(hash ^ odd[2], each ^ odd[3]);
  return hash;
}

} // namespace troupe::game
