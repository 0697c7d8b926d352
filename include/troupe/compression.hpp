#pragma once
#include <cstddef>

namespace troupe {

/// How messages to one client are compressed, once it has agreed to permessage-deflate.
///
/// Levels are zlib's. No message refers to an earlier one (no context takeover), so a connection
/// needs no memory for it, and what was compressed once serves every client.
struct compression {
  static constexpr int huffman_only = -2; ///< no search for repetitions
  static constexpr int balanced = -1;     ///< zlib's choice, the same as 6
  static constexpr int fastest = 1;
  static constexpr int smallest = 9;

  bool enabled = true;
  int level = balanced;       ///< -2 to 9; 0 only wraps
  std::size_t threshold = 64; ///< shorter messages, in bytes, go as they are

  bool is_valid() const noexcept { return level >= huffman_only && level <= smallest; }

  friend bool operator==(const compression&, const compression&) = default;
};

} // namespace troupe
