#include "troupe/value_reader.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>

namespace troupe {

namespace {

std::string describe_integer(const value& found) {
  return found.negative ? std::to_string(static_cast<std::int64_t>(found.integer))
                        : std::to_string(found.integer);
}

std::string describe_floating(double number) {
  char text[40];
  std::snprintf(text, sizeof text, "float %g", number);
  return text;
}

} // namespace

// No default label: the compiler reports an enumerator without a word.
std::string describe(const value& found) {
  switch (found.kind) {
  case value_kind::nothing:
    return "nothing";
  case value_kind::nil:
    return "nil";
  case value_kind::boolean:
    return found.truth ? "true" : "false";
  case value_kind::integer:
    return describe_integer(found);
  case value_kind::floating:
    return describe_floating(found.floating);
  case value_kind::text:
    return "text";
  case value_kind::binary:
    return "bytes";
  case value_kind::array:
    return "array of " + std::to_string(found.count);
  case value_kind::map:
    return "map";
  case value_kind::extension:
    return "extension";
  }
  return "something";
}

value value_reader::peek() const noexcept {
  auto copy = *this;
  return copy.next();
}

byte_view value_reader::take() noexcept {
  const auto start = rest_;
  for (std::size_t owed = 1; owed != 0 && !rest_.empty(); --owed) {
    const auto head = next();
    owed += head.kind == value_kind::map ? 2 * head.count : head.count;
  }
  return start.first(start.size() - rest_.size());
}

value value_reader::next() noexcept {
  if (rest_.empty())
    return {};
  const auto first = std::to_integer<unsigned>(rest_.front());
  rest_ = rest_.subspan(1);
  if (first < 0x80)
    return {.kind = value_kind::integer, .integer = first};
  if (first < 0x90)
    return container(value_kind::map, first & 0x0F);
  if (first < 0xA0)
    return container(value_kind::array, first & 0x0F);
  if (first < 0xC0)
    return sized(value_kind::text, first & 0x1F);
  if (first < 0xE0)
    return other(first);
  return {.kind = value_kind::integer,
          .negative = true,
          .integer = std::uint64_t{first} | ~std::uint64_t{0xFF}};
}

value value_reader::other(unsigned first) noexcept {
  const auto size_at = [this, first](unsigned smallest) {
    return static_cast<std::size_t>(big_endian(std::size_t{1} << (first - smallest)));
  };
  if (first >= 0xDE)
    return container(value_kind::map, size_at(0xDD));
  if (first >= 0xDC)
    return container(value_kind::array, size_at(0xDB));
  if (first >= 0xD9)
    return sized(value_kind::text, size_at(0xD9));
  if (first >= 0xD4)
    return extension(std::size_t{1} << (first - 0xD4));
  if (first >= 0xD0)
    return integer(std::size_t{1} << (first - 0xD0), true);
  if (first >= 0xCC)
    return integer(std::size_t{1} << (first - 0xCC), false);
  if (first >= 0xCA)
    return floating(first == 0xCA ? 4 : 8);
  if (first >= 0xC7)
    return extension(size_at(0xC7));
  if (first >= 0xC4)
    return sized(value_kind::binary, size_at(0xC4));
  if (first >= 0xC2)
    return {.kind = value_kind::boolean, .truth = first == 0xC3};
  return {.kind = first == 0xC0 ? value_kind::nil : value_kind::nothing};
}

std::uint64_t value_reader::big_endian(std::size_t size) noexcept {
  std::uint64_t result = 0;
  for (const auto byte : bytes(size))
    result = result << 8 | std::to_integer<std::uint64_t>(byte);
  return result;
}

byte_view value_reader::bytes(std::size_t size) noexcept {
  const auto taken = rest_.first(std::min(size, rest_.size()));
  rest_ = rest_.subspan(taken.size());
  return taken;
}

value value_reader::integer(std::size_t size, bool is_signed) noexcept {
  const auto bits = big_endian(size);
  const auto shift = 64 - 8 * size;
  const auto negative = is_signed && (bits >> (8 * size - 1) & 1) != 0;
  if (!negative)
    return {.kind = value_kind::integer, .integer = bits};
  const auto extended = static_cast<std::int64_t>(bits << shift) >> shift;
  return {.kind = value_kind::integer,
          .negative = true,
          .integer = static_cast<std::uint64_t>(extended)};
}

value value_reader::floating(std::size_t size) noexcept {
  const auto bits = big_endian(size);
  const auto number =
      size == 4 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                : std::bit_cast<double>(bits);
  return {.kind = value_kind::floating, .floating = number};
}

value value_reader::sized(value_kind kind, std::size_t size) noexcept {
  return {.kind = kind, .bytes = bytes(size)};
}

value value_reader::extension(std::size_t size) noexcept {
  bytes(1); // the type of the extension
  return sized(value_kind::extension, size);
}

value value_reader::container(value_kind kind, std::size_t count) noexcept {
  return {.kind = kind, .count = std::min(count, rest_.size())};
}

} // namespace troupe
