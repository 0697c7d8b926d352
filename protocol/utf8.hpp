#pragma once
#include "troupe/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace troupe::protocol {

/// The number of leading bytes that are ASCII.
inline std::size_t ascii_prefix(byte_view bytes) noexcept {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::size_t position = 0;
  for (; bytes.size() - position >= 32; position += 32) {
    std::uint64_t words[4];
    std::memcpy(words, bytes.data() + position, sizeof words);
    if (((words[0] | words[1] | words[2] | words[3]) & high_bits) != 0)
      break;
  }
  for (; bytes.size() - position >= 8; position += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + position, sizeof word);
    if ((word & high_bits) != 0)
      break;
  }
  while (position != bytes.size() && (bytes[position] & std::byte{0x80}) == std::byte{0})
    ++position;
  return position;
}

/// Checks UTF-8 (RFC 3629) that arrives in pieces, and fails at the first byte that no
/// continuation could make valid.
///
/// Overlong forms, surrogates and values above U+10FFFF are invalid.
///
/// Threading:  distinct objects are independent; one object belongs to one thread.
/// Ownership:  keeps three bytes of state, no reference to what it was fed.
/// Errors:     none; the verdict is the return value.
class utf8_validator {
public:
  /// Continues with `bytes`.
  /// @returns false when the text so far is not the beginning of any valid text; the validator
  ///          must then not be fed again.
  bool feed(byte_view bytes) noexcept;

  /// Whether the text so far ends between two characters.
  bool is_complete() const noexcept { return pending_ == 0; }

private:
  bool begin_character(std::uint8_t lead) noexcept;
  bool continue_character(std::uint8_t byte) noexcept;

  std::uint8_t pending_ = 0; ///< continuation bytes still missing
  std::uint8_t low_ = 0x80;  ///< smallest value allowed for the next one
  std::uint8_t high_ = 0xBF; ///< largest value allowed for the next one
};

/// Whether `bytes` is valid UTF-8 that ends between two characters.
inline bool is_valid_utf8(byte_view bytes) noexcept {
  const auto skipped = ascii_prefix(bytes);
  if (skipped == bytes.size())
    return true;
  utf8_validator validator;
  return validator.feed(bytes.subspan(skipped)) && validator.is_complete();
}

} // namespace troupe::protocol
