#include "net/authority.hpp"

#include "net/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace troupe::net {

namespace {

bool is_name_char(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
}

bool is_address_char(char c) noexcept {
  return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f') || c == ':' || c == '.';
}

bool is_scheme_char(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

/// The length of the host at the start of `text`, brackets included; 0 if there is none.
std::size_t host_length(std::string_view text) noexcept {
  if (!text.starts_with('[')) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_name_char);
    return static_cast<std::size_t>(end - text.begin());
  }
  const auto end = std::find_if_not(text.begin() + 1, text.end(), is_address_char);
  const auto digits = static_cast<std::size_t>(end - text.begin() - 1);
  return digits >= 2 && end != text.end() && *end == ']' ? digits + 2 : 0;
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || text.front() == '0')
    return std::nullopt;
  return port;
}

} // namespace

std::optional<authority> parse_authority(std::string_view text) noexcept {
  authority result{text.substr(0, host_length(text)), std::nullopt};
  if (result.host.empty())
    return std::nullopt;
  text.remove_prefix(result.host.size());
  if (text.empty())
    return result;
  if (text.front() == ':')
    result.port = parse_port(text.substr(1));
  if (!result.port)
    return std::nullopt;
  return result;
}

std::uint16_t default_port(std::string_view scheme) noexcept {
  if (iequals(scheme, "http"))
    return 80;
  return iequals(scheme, "https") ? 443 : 0;
}

std::uint16_t web_origin::effective_port() const noexcept {
  return at.port.value_or(default_port(scheme));
}

std::optional<web_origin> parse_origin(std::string_view text) noexcept {
  const auto end = text.find("://");
  if (end == std::string_view::npos || end == 0 || !is_letter(text.front()))
    return std::nullopt;
  const auto scheme = text.substr(0, end);
  const auto at = parse_authority(text.substr(end + 3));
  if (!at || !std::all_of(scheme.begin(), scheme.end(), is_scheme_char))
    return std::nullopt;
  return web_origin{scheme, *at};
}

} // namespace troupe::net
