#include "net/proxy.hpp"

#include "troupe/dialer.hpp"

#include "net/ascii.hpp"
#include "net/dial_request.hpp"
#include "net/digest.hpp"
#include "net/url_text.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace troupe {

proxy_choice fixed_proxy(std::string proxy_url) {
  return [proxy_url = std::move(proxy_url)](std::string_view) { return proxy_url; };
}

std::string proxy_from_environment(std::string_view url) {
  return net::choose_proxy(url, [](const char* name) -> std::string {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): as everybody's
    return value == nullptr ? "" : value;
  });
}

namespace net {
namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), to_lower);
  return result;
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string tunnel_authority(const url& to) {
  const bool is_v6 = to.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + to.host + "]" : to.host) + ":" + to.port;
}

/// Whether an entry of no_proxy, such as "a.example", ".a.example" or "a.example:8080", means `to`.
bool is_exempt(std::string_view entry, const std::string& host, const url& to) {
  if (entry == "*")
    return true;
  const auto with_port = ":" + to.port;
  const bool has_one_colon = std::count(entry.begin(), entry.end(), ':') == 1;
  if (entry.starts_with('[') || has_one_colon) {
    if (entry.ends_with(with_port))
      entry.remove_suffix(with_port.size());
    else if (!entry.ends_with(']'))
      return false;
  }
  if (entry.starts_with('[') && entry.ends_with(']'))
    entry = entry.substr(1, entry.size() - 2);
  const auto name = lower(entry);
  if (name.starts_with('.'))
    return host.ends_with(name);
  return host == name || host.ends_with("." + name);
}

/// Splits off "user:password@" and decodes it. @returns nothing for a broken escape
std::optional<std::string> take_credentials(std::string_view& text) {
  const auto end = text.substr(0, text.find('/')).rfind('@');
  if (end == std::string_view::npos)
    return std::string{};
  const auto spelled = text.substr(0, end);
  text.remove_prefix(end + 1);
  if (spelled.find(':') == std::string_view::npos)
    return std::string{};
  return percent_decode(spelled, plus_sign::literal);
}

} // namespace

std::optional<proxy_address> parse_proxy(std::string_view text) {
  auto scheme = std::string{"http"};
  if (const auto end = text.find("://"); end != std::string_view::npos) {
    scheme = lower(text.substr(0, end));
    text.remove_prefix(end + 3);
  }
  if (scheme != "http" && scheme != "https")
    return std::nullopt;
  const auto credentials = take_credentials(text);
  const auto at = parse_url(scheme.append("://").append(text));
  if (!credentials || !at)
    return std::nullopt;
  return proxy_address{*at, *credentials};
}

std::string make_connect_request(const url& to, const proxy_address& proxy) {
  const auto target = tunnel_authority(to);
  auto head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!proxy.credentials.empty())
    head += "Proxy-Authorization: Basic " + to_base64(as_bytes(proxy.credentials)) + "\r\n";
  return head + "\r\n";
}

std::string choose_proxy(std::string_view url_text,
                         const std::function<std::string(const char* name)>& variable) {
  const auto either = [&](const char* name, const char* capitals) {
    auto value = variable(name);
    return value.empty() ? variable(capitals) : value;
  };
  const auto to = parse_dial_url(url_text);
  if (!to)
    return {};
  auto proxy = to->secure ? either("https_proxy", "HTTPS_PROXY") : variable("http_proxy");
  if (proxy.empty() && !to->secure && variable("REQUEST_METHOD").empty())
    proxy = variable("HTTP_PROXY");
  const auto host = lower(to->host);
  bool is_direct = is_this_machine(host);
  for_each_element(either("no_proxy", "NO_PROXY"), ',',
                   [&](std::string_view entry) { is_direct |= is_exempt(entry, host, *to); });
  return is_direct ? std::string{} : proxy;
}

} // namespace net
} // namespace troupe
