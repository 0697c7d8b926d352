#include "net/url_text.hpp"

#include "net/ascii.hpp"

#include <algorithm>

namespace troupe::net {

namespace {

constexpr int not_hex = -1;

int hex_value(char c) noexcept {
  if (is_digit(c))
    return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : not_hex;
}

/// The byte of the escape at the start of `text`, or `not_hex`.
int escaped_byte(std::string_view text) noexcept {
  if (text.size() < 3)
    return not_hex;
  const int high = hex_value(text[1]);
  const int low = hex_value(text[2]);
  return high == not_hex || low == not_hex ? not_hex : high * 16 + low;
}

} // namespace

std::optional<std::string> percent_decode(std::string_view text, plus_sign plus) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const bool escaped = text.front() == '%';
    const int byte = escaped ? escaped_byte(text) : text.front();
    if (escaped && byte == not_hex)
      return std::nullopt;
    const bool blank = text.front() == '+' && plus == plus_sign::blank;
    result.push_back(blank ? ' ' : static_cast<char>(byte));
    text.remove_prefix(escaped ? 3 : 1);
  }
  return result;
}

bool is_plain_path(std::string_view path) noexcept {
  if (!path.starts_with('/') || std::any_of(path.begin(), path.end(), is_control))
    return false;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..")
      return false;
    path.remove_prefix(segment.size());
  }
  return true;
}

std::optional<request_line> split_request_line(std::string_view line) noexcept {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return std::nullopt;
  const request_line parts{line.substr(0, first), line.substr(first + 1, last - first - 1),
                           line.substr(last + 1)};
  const bool split_in_three = parts.target.find(' ') == std::string_view::npos;
  if (!split_in_three || parts.method.empty() || parts.target.empty() || parts.version.empty())
    return std::nullopt;
  return parts;
}

} // namespace troupe::net
