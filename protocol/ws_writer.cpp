#include "protocol/ws_writer.hpp"

#include "protocol/ws_header.hpp"

#include <algorithm>
#include <array>

namespace troupe::protocol {
namespace {

std::size_t write_length(std::byte* out, std::size_t length, std::byte mask_bit) noexcept {
  const std::size_t size = header_size(length);
  const std::size_t extended = size - 2;
  out[1] = static_cast<std::byte>(extended == 0 ? length : extended == 2 ? 126 : 127) | mask_bit;
  for (std::size_t index = 0; index < extended; ++index)
    out[2 + index] = static_cast<std::byte>((length >> (8 * (extended - 1 - index))) & 0xFF);
  return size;
}

std::byte first_byte(opcode op, bool rsv1) noexcept {
  constexpr std::byte final_bit{0x80};
  constexpr std::byte compressed_bit{0x40};
  return final_bit | static_cast<std::byte>(op) | (rsv1 ? compressed_bit : std::byte{0});
}

/// The longest beginning of `text` that fits and does not end inside a character.
std::string_view cut_text(std::string_view text, std::size_t bytes) noexcept {
  if (text.size() <= bytes)
    return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
    --bytes;
  return text.substr(0, bytes);
}

frame_ptr copy_frame(opcode op, byte_view payload, bool rsv1, bool is_final) {
  auto result = frame_ptr::allocate(header_size(payload.size()) + payload.size());
  const auto out = result.spare();
  const std::size_t header = write_header(out.data(), op, payload.size(), rsv1);
  if (!is_final)
    out[0] &= std::byte{0x7F};
  std::copy(payload.begin(), payload.end(), out.data() + header);
  result.grow(out.size());
  return result;
}

} // namespace

std::size_t write_header(std::byte* out, opcode op, std::size_t length, bool rsv1) noexcept {
  out[0] = first_byte(op, rsv1);
  return write_length(out, length, std::byte{0});
}

std::size_t write_masked_header(std::byte* out, opcode op, std::size_t length, const mask_key& key,
                                bool rsv1) noexcept {
  out[0] = first_byte(op, rsv1);
  const std::size_t size = write_length(out, length, std::byte{0x80});
  std::copy(key.begin(), key.end(), out + size);
  return size + key.size();
}

frame_ptr make_frame(opcode op, byte_view payload, bool rsv1) {
  return copy_frame(op, payload, rsv1, true);
}

frame_ptr make_fragment(opcode op, byte_view piece, message_place place, bool is_compressed) {
  return copy_frame(place.is_first ? op : opcode::continuation, piece,
                    is_compressed && place.is_first, place.is_last);
}

frame_ptr make_masked_frame(opcode op, byte_view payload, const mask_key& key, bool rsv1) {
  auto result = frame_ptr::allocate(header_size(payload.size()) + key.size() + payload.size());
  const auto out = result.spare();
  const std::size_t header = write_masked_header(out.data(), op, payload.size(), key, rsv1);
  std::copy(payload.begin(), payload.end(), out.data() + header);
  apply_mask(out.subspan(header), key);
  result.grow(out.size());
  return result;
}

frame_ptr make_close_frame(std::uint16_t code, std::string_view reason) {
  if (!is_valid_close_code(code))
    return make_frame(opcode::close, {});
  std::array<std::byte, max_control_bytes> payload{};
  payload[0] = static_cast<std::byte>(code >> 8);
  payload[1] = static_cast<std::byte>(code & 0xFF);
  const auto text = as_bytes(cut_text(reason, payload.size() - 2));
  std::copy(text.begin(), text.end(), payload.begin() + 2);
  return make_frame(opcode::close, std::span{payload}.first(2 + text.size()));
}

frame_ptr make_close_frame(close_code code, std::string_view reason) {
  return make_close_frame(static_cast<std::uint16_t>(code), reason);
}

} // namespace troupe::protocol
