#include "net/cookie.hpp"

#include "net/ascii.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <string>

namespace troupe::net {
namespace {

using cookie = memory_cookie_jar::cookie;
constexpr std::size_t max_cookie_bytes = 4096;

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), to_lower);
  return result;
}

bool is_address(const std::string& host) noexcept {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 || host.find(':') != std::string::npos;
}

/// Whether `host` is `domain` or, as a name, below it.
bool is_within(const std::string& host, const std::string& domain) {
  return host == domain || (host.ends_with("." + domain) && !is_address(host));
}

std::string path_of(const url& at) {
  return at.target.substr(0, at.target.find('?'));
}

/// The directory of the request (RFC 6265 section 5.1.4).
std::string default_path(const url& from) {
  const auto path = path_of(from);
  const auto slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

bool is_below(const std::string& path, const std::string& directory) {
  return path.starts_with(directory)
         && (path.size() == directory.size() || directory.ends_with('/')
             || path[directory.size()] == '/');
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

struct attribute {
  std::string_view name;
  std::string_view value;
};

/// Splits off what stands before the next semicolon.
attribute take_attribute(std::string_view& line) noexcept {
  const auto end = std::min(line.find(';'), line.size());
  const auto text = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  const auto equals = text.find('=');
  if (equals == std::string_view::npos)
    return {trim(text), {}};
  return {trim(text.substr(0, equals)), trim(text.substr(equals + 1))};
}

/// Both ways to say when a cookie ends; Max-Age counts.
struct lifetime {
  std::optional<wall_clock::time_point> expires;
  std::optional<wall_clock::time_point> max_age;
};

wall_clock::time_point after(wall_clock::time_point now, std::string_view max_age) {
  constexpr long longest = 400L * 24 * 3600; // as browsers
  const auto seconds = parse_number<long>(max_age).value_or(longest);
  return seconds <= 0 ? wall_clock::time_point::min()
                      : now + std::chrono::seconds{std::min(seconds, longest)};
}

bool is_age(std::string_view text) noexcept {
  if (text.starts_with('-'))
    text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

void apply(const attribute& each, cookie& to, lifetime& ends, wall_clock::time_point now) {
  if (iequals(each.name, "Secure"))
    to.is_secure = true;
  else if (iequals(each.name, "Path") && each.value.starts_with('/'))
    to.path = each.value;
  else if (iequals(each.name, "Domain") && !each.value.empty())
    to.domain = lower(each.value.substr(each.value.starts_with('.') ? 1 : 0));
  else if (iequals(each.name, "Max-Age") && is_age(each.value))
    ends.max_age = after(now, each.value);
  else if (iequals(each.name, "Expires"))
    ends.expires = parse_cookie_date(each.value);
}

/// Whether a server at `host` may set a cookie for `domain`: its own, or a name above with a dot.
bool may_set(const std::string& host, const std::string& domain) {
  return host == domain || (is_within(host, domain) && domain.find('.') != std::string::npos);
}

bool is_text(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), is_control);
}

/// The words of a date: runs without blanks, commas and dashes.
std::array<std::string_view, 5> split_date(std::string_view text) noexcept {
  std::array<std::string_view, 5> words{};
  for (auto& word : words) {
    text.remove_prefix(std::min(text.find_first_not_of(" ,-"), text.size()));
    word = text.substr(0, text.find_first_of(" ,-"));
    text.remove_prefix(word.size());
  }
  return words;
}

unsigned month_number(std::string_view name) noexcept {
  constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
  for (std::size_t month = 0; month != 12; ++month)
    if (iequals(name.substr(0, 3), names.substr(3 * month, 3)))
      return static_cast<unsigned>(month) + 1;
  return 0;
}

std::optional<std::chrono::seconds> time_of_day(std::string_view text) noexcept {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':')
    return std::nullopt;
  const auto hours = parse_number<int>(text.substr(0, 2));
  const auto minutes = parse_number<int>(text.substr(3, 2));
  const auto seconds = parse_number<int>(text.substr(6, 2));
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 59)
    return std::nullopt;
  return std::chrono::seconds{(*hours * 60 + *minutes) * 60 + *seconds};
}

} // namespace

std::optional<wall_clock::time_point> parse_cookie_date(std::string_view text) {
  const auto words = split_date(text); // weekday, day, month, year, time
  const auto day = parse_number<unsigned>(words[1]);
  auto year = parse_number<int>(words[3]);
  const auto time = time_of_day(words[4]);
  if (!day || !year || !time)
    return std::nullopt;
  if (words[3].size() == 2)
    *year += *year < 70 ? 2000 : 1900;
  const std::chrono::year_month_day date{
      std::chrono::year{*year}, std::chrono::month{month_number(words[2])}, std::chrono::day{*day}};
  if (!date.ok() || *year < 1900 || *year > 2200)
    return std::nullopt;
  return std::chrono::sys_days{date} + *time;
}

std::optional<cookie> parse_set_cookie(std::string_view line, const url& from,
                                       wall_clock::time_point now) {
  if (line.size() > max_cookie_bytes || !is_text(line)
      || line.substr(0, line.find(';')).find('=') == std::string_view::npos)
    return std::nullopt;
  const auto [name, value] = take_attribute(line);
  if (!is_token(name))
    return std::nullopt;
  const auto host = lower(from.host);
  cookie made{std::string{name}, std::string{value}, host, default_path(from)};
  lifetime ends;
  while (!line.empty()) {
    const auto each = take_attribute(line);
    made.is_host_only = made.is_host_only && !iequals(each.name, "Domain");
    apply(each, made, ends, now);
  }
  made.expires = ends.max_age.value_or(ends.expires.value_or(wall_clock::time_point::max()));
  if (!may_set(host, made.domain) || (made.is_secure && !from.secure))
    return std::nullopt;
  return made;
}

bool fits(const cookie& each, const url& to) {
  const auto host = lower(to.host);
  const bool is_host = each.is_host_only ? host == each.domain : is_within(host, each.domain);
  return is_host && is_below(path_of(to), each.path) && (to.secure || !each.is_secure);
}

} // namespace troupe::net
