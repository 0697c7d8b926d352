#include "protocol/utf8.hpp"

namespace troupe::protocol {

bool utf8_validator::begin_character(std::uint8_t lead) noexcept {
  low_ = 0x80;
  high_ = 0xBF;
  if (lead < 0x80)
    return true;
  if (lead < 0xC2 || lead > 0xF4) // a stray continuation, an overlong form, beyond U+10FFFF
    return false;
  if (lead < 0xE0) {
    pending_ = 1;
    return true;
  }
  if (lead < 0xF0) {
    pending_ = 2;
    low_ = lead == 0xE0 ? 0xA0 : 0x80;  // below is overlong
    high_ = lead == 0xED ? 0x9F : 0xBF; // above are surrogates
    return true;
  }
  pending_ = 3;
  low_ = lead == 0xF0 ? 0x90 : 0x80;  // below is overlong
  high_ = lead == 0xF4 ? 0x8F : 0xBF; // above is beyond U+10FFFF
  return true;
}

bool utf8_validator::continue_character(std::uint8_t byte) noexcept {
  if (byte < low_ || byte > high_)
    return false;
  low_ = 0x80;
  high_ = 0xBF;
  --pending_;
  return true;
}

bool utf8_validator::feed(byte_view bytes) noexcept {
  for (std::size_t position = 0; position < bytes.size(); ++position) {
    if (pending_ == 0) {
      position += ascii_prefix(bytes.subspan(position));
      if (position == bytes.size())
        return true;
    }
    const auto byte = std::to_integer<std::uint8_t>(bytes[position]);
    if (pending_ == 0 ? !begin_character(byte) : !continue_character(byte))
      return false;
  }
  return true;
}

} // namespace troupe::protocol
