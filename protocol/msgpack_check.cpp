#include "troupe/msgpack_check.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace troupe {

namespace {

constexpr std::size_t max_depth = 64;

/// What the first byte of a value says about the rest of it.
struct shape {
  enum kind_type : std::uint8_t { fixed, sized, array, map, never } kind = never;
  std::uint8_t fixed_size = 0;  ///< bytes after the first that every value of this kind has
  std::uint8_t length_size = 0; ///< bytes of those that hold the length or count
};

constexpr shape shape_of(unsigned first) {
  if (first < 0x80 || first >= 0xE0)
    return {shape::fixed, 0, 0};
  if (first < 0xA0)
    return {first < 0x90 ? shape::map : shape::array, 0, 0};
  if (first < 0xC0)
    return {shape::fixed, static_cast<std::uint8_t>(first & 0x1F), 0};
  constexpr std::array<shape, 32> others = {{
      {shape::fixed, 0, 0}, {shape::never, 0, 0},  {shape::fixed, 0, 0}, {shape::fixed, 0, 0},
      {shape::sized, 1, 1}, {shape::sized, 2, 2},  {shape::sized, 4, 4}, // bin 8, 16, 32
      {shape::sized, 2, 1}, {shape::sized, 3, 2},  {shape::sized, 5, 4}, // ext 8, 16, 32
      {shape::fixed, 4, 0}, {shape::fixed, 8, 0},                        // float 32, 64
      {shape::fixed, 1, 0}, {shape::fixed, 2, 0},  {shape::fixed, 4, 0}, {shape::fixed, 8, 0},
      {shape::fixed, 1, 0}, {shape::fixed, 2, 0},  {shape::fixed, 4, 0}, {shape::fixed, 8, 0},
      {shape::fixed, 2, 0}, {shape::fixed, 3, 0},  {shape::fixed, 5, 0}, // fixext 1, 2, 4
      {shape::fixed, 9, 0}, {shape::fixed, 17, 0},                       // fixext 8, 16
      {shape::sized, 1, 1}, {shape::sized, 2, 2},  {shape::sized, 4, 4}, // str 8, 16, 32
      {shape::array, 2, 2}, {shape::array, 4, 4},                        // array 16, 32
      {shape::map, 2, 2},   {shape::map, 4, 4},                          // map 16, 32
  }};
  return others[first - 0xC0];
}

constexpr std::array<shape, 256> make_shapes() {
  std::array<shape, 256> result{};
  for (unsigned first = 0; first < result.size(); ++first)
    result[first] = shape_of(first);
  return result;
}

constexpr auto shapes = make_shapes();

/// Walks one value. `owed_` counts the values that are still to come; each of them takes at least
/// one byte, which bounds the walk and exposes impossible counts at once.
class walker {
public:
  walker(byte_view bytes, payload_limits limits) noexcept
      : bytes_{bytes}, depth_limit_{std::min(limits.depth, max_depth)}, nodes_left_{limits.nodes} {}

  std::optional<refusal> walk() noexcept {
    while (owed_ != 0) {
      if (!value())
        return refusal_;
    }
    if (offset_ != bytes_.size())
      return refusal{errc::malformed_message, offset_, "bytes follow the end of the payload"};
    return std::nullopt;
  }

private:
  bool value() noexcept {
    if (offset_ == bytes_.size())
      return refuse(errc::malformed_message, "the payload ends in the middle of a value");
    const auto first = std::to_integer<unsigned>(bytes_[offset_]);
    const auto& shape = shapes[first];
    const auto left = bytes_.size() - offset_ - 1;
    if (shape.kind == shape::never)
      return refuse(errc::malformed_message, "the byte 0xc1 is not msgpack");
    if (left < shape.fixed_size)
      return refuse(errc::malformed_message, "the payload ends in the middle of a value");
    if (nodes_left_-- == 0)
      return refuse(errc::payload_too_complex, "the payload has too many values");
    if (shape.kind == shape::fixed)
      return advance(1U + shape.fixed_size);
    const auto length = big_endian(offset_ + 1, shape.length_size);
    if (shape.kind == shape::sized)
      return sized(shape, length, left);
    return container(shape, shape.length_size == 0 ? first & 0x0F : length, left);
  }

  bool sized(const shape& shape, std::size_t length, std::size_t left) noexcept {
    if (length > left - shape.fixed_size)
      return refuse(errc::malformed_message, "the length reaches beyond the end of the payload");
    return advance(1U + shape.fixed_size + length);
  }

  bool container(const shape& shape, std::uint64_t count, std::size_t left) noexcept {
    const auto values = shape.kind == shape::map ? count * 2 : count;
    const auto owed = owed_ - 1 + values;
    if (owed > left - shape.fixed_size)
      return refuse(errc::payload_too_complex, "more elements are declared than bytes are left");
    if (owed > nodes_left_)
      return refuse(errc::payload_too_complex, "the payload has too many values");
    if (depth_ == depth_limit_)
      return refuse(errc::payload_too_deep, "the payload is nested too deeply");
    if (values == 0)
      return advance(1U + shape.fixed_size);
    offset_ += 1U + shape.fixed_size;
    owed_ = owed;
    open_[depth_++] = values;
    return true;
  }

  /// A value of `size` bytes is complete, and with it perhaps containers that end here.
  bool advance(std::size_t size) noexcept {
    offset_ += size;
    --owed_;
    while (depth_ != 0 && --open_[depth_ - 1] == 0)
      --depth_;
    return true;
  }

  std::size_t big_endian(std::size_t at, std::size_t size) const noexcept {
    std::size_t value = 0;
    for (const auto byte : bytes_.subspan(at, size))
      value = value << 8 | std::to_integer<std::size_t>(byte);
    return value;
  }

  bool refuse(errc code, std::string_view reason) noexcept {
    refusal_ = {code, offset_, reason};
    return false;
  }

  byte_view bytes_;
  std::size_t depth_limit_;
  std::size_t nodes_left_;
  std::size_t offset_ = 0;
  std::uint64_t owed_ = 1;
  std::size_t depth_ = 0;
  std::array<std::uint64_t, max_depth> open_; // values owed by each open container
  refusal refusal_;
};

bool is_array(std::byte first) noexcept {
  return shapes[std::to_integer<unsigned>(first)].kind == shape::array;
}

} // namespace

std::optional<refusal> check_msgpack(byte_view bytes, payload_limits limits) noexcept {
  return walker{bytes, limits}.walk();
}

std::optional<refusal> check_payload(byte_view bytes, payload_limits limits) noexcept {
  if (bytes.empty())
    return std::nullopt;
  if (!is_array(bytes.front()))
    return refusal{errc::malformed_message, 0, "the payload is not a msgpack array"};
  return check_msgpack(bytes, limits);
}

} // namespace troupe
