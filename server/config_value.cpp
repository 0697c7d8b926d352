#include "server/config_value.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace troupe {
namespace {

struct suffix {
  std::string_view text;
  std::uint64_t scale;
};

// Largest first: `format_number` takes the first that divides the value.
constexpr std::uint64_t kib = 1024;
constexpr std::array byte_suffixes{
    suffix{"GiB", kib* kib* kib}, suffix{"MiB", kib* kib}, suffix{"KiB", kib},
    suffix{"GB", 1'000'000'000},  suffix{"MB", 1'000'000}, suffix{"kB", 1'000},
    suffix{"KB", 1'000},          suffix{"B", 1},
};
constexpr std::array time_suffixes{
    suffix{"h", 3'600'000},
    suffix{"m", 60'000},
    suffix{"s", 1'000},
    suffix{"ms", 1},
};

std::span<const suffix> suffixes_of(number_unit unit) noexcept {
  switch (unit) {
  case number_unit::count:
    return {};
  case number_unit::bytes:
    return byte_suffixes;
  case number_unit::seconds:
  case number_unit::milliseconds:
    return time_suffixes;
  }
  return {};
}

std::optional<std::uint64_t> scale_of(std::string_view name, number_unit unit) noexcept {
  if (name.empty())
    return unit == number_unit::seconds ? 1'000 : 1;
  for (const auto& known : suffixes_of(unit))
    if (known.text == name)
      return known.scale;
  return std::nullopt;
}

/// A decimal number as `digits` divided by `divisor`, so that 1.5 stays exact.
struct decimal {
  std::uint64_t digits = 0;
  std::uint64_t divisor = 1;
};

/// Takes a decimal number from the front of `text`.
std::optional<decimal> take_decimal(std::string_view& text) noexcept {
  constexpr auto room = std::numeric_limits<std::uint64_t>::max() / 10 - 1;
  decimal result;
  bool any = false;
  bool fraction = false;
  while (!text.empty()) {
    const char c = text.front();
    if (c == '.' && any && !fraction) {
      fraction = true;
    } else if (c >= '0' && c <= '9') {
      if (result.digits > room || result.divisor > room)
        return std::nullopt;
      result.digits = result.digits * 10 + static_cast<std::uint64_t>(c - '0');
      result.divisor *= fraction ? 10 : 1;
      any = true;
    } else {
      break;
    }
    text.remove_prefix(1);
  }
  return any ? std::optional{result} : std::nullopt;
}

bool is_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
  return !text.empty() && ec == std::errc{} && end == text.data() + text.size();
}

} // namespace

std::optional<std::uint64_t> parse_number(std::string_view text, number_unit unit) noexcept {
  const auto number = take_decimal(text);
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  const auto scale = scale_of(text, unit);
  if (!number || !scale)
    return std::nullopt;
  if (number->digits > std::numeric_limits<std::uint64_t>::max() / *scale)
    return std::nullopt;
  const auto scaled = number->digits * *scale;
  if (scaled % number->divisor != 0)
    return std::nullopt;
  return scaled / number->divisor;
}

std::string format_number(std::uint64_t value, number_unit unit) {
  if (value == 0)
    return "0";
  for (const auto& known : suffixes_of(unit)) {
    const bool binary = known.scale % 10 != 0; // powers of 1,024 read better than of 1,000
    if (value % known.scale == 0 && (unit != number_unit::bytes || binary))
      return std::to_string(value / known.scale).append(known.text);
  }
  return std::to_string(value).append(unit == number_unit::bytes ? "B" : "");
}

std::optional<bool> parse_switch(std::string_view text) noexcept {
  for (const std::string_view yes : {"on", "true", "yes", "1"})
    if (text == yes)
      return true;
  for (const std::string_view no : {"off", "false", "no", "0"})
    if (text == no)
      return false;
  return std::nullopt;
}

bool is_listen_address(std::string_view text) noexcept {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1)))
    return false;
  const auto host = text.substr(0, colon);
  if (host.starts_with('['))
    return host.size() > 2 && host.ends_with(']');
  return !host.empty() && host.find_first_of(":[] /") == std::string_view::npos;
}

bool is_origin(std::string_view text) noexcept {
  if (text == "*" || text == "null")
    return true;
  const auto mark = text.find("://");
  if (mark == 0 || mark == std::string_view::npos)
    return false;
  const auto host = text.substr(mark + 3);
  return !host.empty() && host.find_first_of("/ ,?#") == std::string_view::npos;
}

} // namespace troupe
