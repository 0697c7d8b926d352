#include "troupe/cookie_jar.hpp"

#include "net/cookie.hpp"
#include "net/dial_request.hpp"

#include <algorithm>
#include <iterator>

namespace troupe {
namespace {

using cookie = memory_cookie_jar::cookie;
constexpr std::size_t max_cookies = 1000;

bool is_same(const cookie& a, const cookie& b) {
  return a.name == b.name && a.domain == b.domain && a.path == b.path;
}

/// Servers see the cookies with the longest paths first (RFC 6265 section 5.4).
std::string to_field(std::vector<cookie> fitting) {
  std::stable_sort(fitting.begin(), fitting.end(),
                   [](const cookie& a, const cookie& b) { return a.path.size() > b.path.size(); });
  std::string text;
  for (const auto& each : fitting)
    text.append(text.empty() ? "" : "; ").append(each.name).append("=").append(each.value);
  return text;
}

} // namespace

memory_cookie_jar::memory_cookie_jar(clock now) : now_{std::move(now)} {}

std::string memory_cookie_jar::cookies_for(std::string_view url) {
  const auto to = net::parse_dial_url(url);
  if (!to)
    return {};
  const std::lock_guard lock{guard_};
  drop_expired();
  std::vector<cookie> fitting;
  std::copy_if(cookies_.begin(), cookies_.end(), std::back_inserter(fitting),
               [&](const cookie& each) { return net::fits(each, *to); });
  return to_field(std::move(fitting));
}

void memory_cookie_jar::store(std::string_view url, const std::vector<std::string>& set_cookie) {
  const auto from = net::parse_dial_url(url);
  if (!from)
    return;
  const std::lock_guard lock{guard_};
  for (const auto& line : set_cookie) {
    auto parsed = net::parse_set_cookie(line, *from, now_());
    if (!parsed)
      continue;
    const auto known = std::find_if(cookies_.begin(), cookies_.end(),
                                    [&](const cookie& each) { return is_same(each, *parsed); });
    if (known != cookies_.end())
      *known = *std::move(parsed);
    else
      cookies_.push_back(*std::move(parsed));
    drop_expired();
    if (cookies_.size() > max_cookies)
      cookies_.erase(cookies_.begin());
  }
}

void memory_cookie_jar::drop_expired() {
  std::erase_if(cookies_, [now = now_()](const cookie& each) { return each.expires <= now; });
}

} // namespace troupe
