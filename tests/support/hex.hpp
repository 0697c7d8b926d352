#pragma once
#include "troupe/bytes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace troupe::test {

/// The bytes that `text` spells in hexadecimal; blanks are skipped.
inline std::vector<std::byte> from_hex(std::string_view text) {
  std::vector<std::byte> bytes;
  unsigned digits = 0;
  unsigned value = 0;
  for (const char c : text) {
    if (c == ' ')
      continue;
    value = value << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    if (++digits % 2 == 0)
      bytes.push_back(static_cast<std::byte>(value & 0xFF));
  }
  return bytes;
}

inline std::string to_hex(byte_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto byte : bytes) {
    text += digits[std::to_integer<std::size_t>(byte >> 4)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{0x0F})];
  }
  return text;
}

} // namespace troupe::test
