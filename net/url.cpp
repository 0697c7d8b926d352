#include "net/url.hpp"

#include <charconv>
#include <cstdint>

namespace troupe::net {
namespace {

std::optional<bool> take_scheme(std::string_view& text) noexcept {
  constexpr struct {
    std::string_view name;
    bool secure;
  } schemes[]{{"ws://", false}, {"wss://", true}, {"http://", false}, {"https://", true}};
  for (const auto& [name, secure] : schemes)
    if (text.starts_with(name)) {
      text.remove_prefix(name.size());
      return secure;
    }
  return std::nullopt;
}

bool is_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
  return ec == std::errc{} && end == text.data() + text.size() && port != 0;
}

bool is_printable(std::string_view text) noexcept {
  for (const char c : text)
    if (c <= ' ' || c == '\x7f')
      return false;
  return true;
}

/// Splits `host`, `host:port`, `[v6]` or `[v6]:port`.
bool split_authority(std::string_view text, url& result) {
  auto host = text;
  std::string_view port;
  const auto colon = text.find(':', text.starts_with('[') ? text.find(']') : 0);
  if (colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (!is_port(port))
      return false;
  }
  if (host.starts_with('[')) {
    if (!host.ends_with(']'))
      return false;
    host = host.substr(1, host.size() - 2);
  }
  result.host = host;
  result.port = !port.empty() ? port : result.secure ? "443" : "80";
  return !host.empty() && host.find_first_of("@[]") == std::string_view::npos;
}

} // namespace

std::string url::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  auto result = v6 ? "[" + host + "]" : host;
  if (port != (secure ? "443" : "80"))
    result.append(":").append(port);
  return result;
}

std::optional<url> parse_url(std::string_view text) {
  url result;
  const auto secure = take_scheme(text);
  if (!secure || !is_printable(text))
    return std::nullopt;
  result.secure = *secure;
  text = text.substr(0, text.find('#'));
  const auto end = text.find_first_of("/?");
  if (!split_authority(text.substr(0, end), result))
    return std::nullopt;
  if (end != std::string_view::npos)
    result.target = text.substr(end);
  if (!result.target.starts_with('/'))
    result.target.insert(0, 1, '/');
  return result;
}

} // namespace troupe::net
