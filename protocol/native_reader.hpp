#pragma once
#include "protocol/native.hpp"
#include "protocol/varint.hpp"

#include <cstdint>
#include <limits>
#include <string_view>

namespace troupe::protocol {

/// Reads the fields of one native message in order and remembers the first that was wrong.
///
/// Every function returns false on refusal, so that callers chain them with `&&`.
///
/// Ownership:  views what it reads; nothing is copied.
/// Errors:     `refused()` after a function returned false.
class native_reader {
public:
  static constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();

  explicit native_reader(byte_view bytes) noexcept : bytes_{bytes} {}

  std::size_t offset() const noexcept { return offset_; }
  byte_view rest() const noexcept { return bytes_.subspan(offset_); }
  const refusal& refused() const noexcept { return refusal_; }

  bool refuse(errc code, std::size_t offset, std::string_view reason) noexcept {
    refusal_ = {code, offset, reason};
    return false;
  }

  bool byte(std::uint8_t& to) noexcept {
    if (offset_ == bytes_.size())
      return refuse(errc::malformed_message, offset_, "the message is empty");
    to = std::to_integer<std::uint8_t>(bytes_[offset_++]);
    return true;
  }

  bool number(std::uint64_t& to) noexcept {
    if (offset_ != bytes_.size() && bytes_[offset_] < std::byte{0x80}) {
      to = std::to_integer<std::uint64_t>(bytes_[offset_++]);
      return true;
    }
    return long_number(to);
  }

  /// A number in `least` to `most`; `reason` says so in words.
  bool number(std::uint64_t& to, std::uint64_t least, std::uint64_t most,
              std::string_view reason) noexcept {
    const auto start = offset_;
    if (!number(to))
      return false;
    return (to >= least && to <= most) || refuse(errc::malformed_message, start, reason);
  }

  bool id(std::uint64_t& to) noexcept {
    return number(to, 1, unlimited, "the id of a request must be at least 1");
  }
  bool room(std::uint64_t& to) noexcept {
    return number(to, 1, max_room_number, "room numbers are 1 to 4294967295");
  }

  template <class Enum>
  bool small(Enum& to, std::uint64_t least, std::string_view reason) noexcept {
    std::uint64_t value = 0;
    if (!number(value, least, 255, reason))
      return false;
    to = static_cast<Enum>(value);
    return true;
  }

  bool name(event_name& to) noexcept;
  bool room_name(std::string_view& to) noexcept;
  bool marks(delivery& to) noexcept;
  /// The rest of the message as UTF-8.
  bool text(std::string_view& to) noexcept;
  /// The rest of the message as the payload of `to`, checked unless it is RAW.
  bool payload(message& to) noexcept;
  /// Nothing may be left.
  bool end() noexcept;

private:
  bool long_number(std::uint64_t& to) noexcept;
  bool name_text(std::uint64_t size, std::size_t start, std::string_view& to) noexcept;

  byte_view bytes_;
  std::size_t offset_ = 0;
  refusal refusal_;
};

} // namespace troupe::protocol
