#pragma once
#include "troupe/bytes.hpp"

#include "protocol/varint.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe::game {

using byte_buffer = std::vector<std::byte>;

inline void append(byte_buffer& to, byte_view bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

inline void append_varint(byte_buffer& to, std::uint64_t value) {
  std::array<std::byte, protocol::max_varint_size> bytes;
  const auto size = protocol::write_varint(bytes.data(), value) - bytes.data();
  to.insert(to.end(), bytes.begin(), bytes.begin() + size);
}

inline void append_text(byte_buffer& to, std::string_view text) {
  append_varint(to, text.size());
  append(to, as_bytes(text));
}

/// Appends numbers of any width, least significant bit first, and fills the last byte with zeros.
///
/// Threading:  distinct objects are independent. Ownership: views the buffer. Errors: bad_alloc.
class bit_writer {
public:
  explicit bit_writer(byte_buffer& to) noexcept : to_{to} {}

  /// @pre `value` < 2^`count`, `count` <= 64.
  void put(std::uint64_t value, unsigned count) {
    if (count > 32) {
      put(value & 0xFFFFFFFF, 32);
      value >>= 32;
      count -= 32;
    }
    pending_ |= value << held_;
    for (held_ += count; held_ >= 8; held_ -= 8, pending_ >>= 8)
      to_.push_back(static_cast<std::byte>(pending_ & 0xFF));
  }

  /// LEB128, without the bytes' alignment.
  void put_varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      put((value & 0x7F) | 0x80, 8);
    put(value, 8);
  }

  void align() {
    if (held_ > 0)
      put(0, 8 - held_);
  }

private:
  byte_buffer& to_;
  std::uint64_t pending_ = 0;
  unsigned held_ = 0; ///< bits in `pending_`, fewer than 8 between calls
};

/// Reads what a `bit_writer` and the functions above wrote. Total: past the end, or on a number in
/// a form that no writer makes, it gives nothing.
///
/// Threading:  distinct objects are independent. Ownership: views the bytes.
class bit_reader {
public:
  explicit bit_reader(byte_view from) noexcept : from_{from} {}

  std::optional<std::uint64_t> take(unsigned count) noexcept {
    if (bits_left() < count)
      return {};
    std::uint64_t value = 0;
    for (unsigned done = 0; done < count;) {
      const auto within = static_cast<unsigned>(at_ % 8);
      const auto now = std::min(8 - within, count - done);
      const auto part = std::to_integer<std::uint64_t>(from_[at_ / 8]) >> within;
      value |= (part & ((1U << now) - 1)) << done;
      done += now;
      at_ += now;
    }
    return value;
  }

  std::optional<std::uint64_t> take_varint() noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto part = take(8);
      if (!part || (*part == 0 && shift > 0) || (shift == 63 && *part > 1))
        return {};
      value |= (*part & 0x7F) << shift;
      if (*part < 0x80)
        return value;
    }
    return {};
  }

  /// The rest of the present byte must be zeros.
  bool align() noexcept {
    const auto rest = static_cast<unsigned>((8 - at_ % 8) % 8);
    return take(rest) == std::uint64_t{0};
  }

  /// @pre aligned, as for the functions below.
  std::optional<byte_view> take_bytes(std::uint64_t count) noexcept {
    if (bits_left() / 8 < count)
      return {};
    const auto bytes = from_.subspan(at_ / 8, static_cast<std::size_t>(count));
    at_ += bytes.size() * 8;
    return bytes;
  }

  std::optional<std::string_view> take_text() noexcept {
    const auto size = take_varint();
    const auto bytes = size ? take_bytes(*size) : std::nullopt;
    return bytes ? std::optional{as_text(*bytes)} : std::nullopt;
  }

  std::size_t offset() const noexcept { return at_ / 8; }
  std::size_t bits_left() const noexcept { return from_.size() * 8 - at_; }

private:
  byte_view from_;
  std::size_t at_ = 0; ///< in bits
};

} // namespace troupe::game
