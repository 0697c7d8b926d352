#include "net/url_headers.hpp"

#include "net/ascii.hpp"
#include "net/url_text.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

constexpr std::string_view reconnect = "X-Websocket-Reconnect";

bool starts_with(std::string_view text, std::string_view prefix) noexcept {
  return net::iequals(text.substr(0, prefix.size()), prefix);
}

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& names, std::string_view name) noexcept {
  return std::any_of(names.begin(), names.end(),
                     [name](std::string_view one) { return net::iequals(one, name); });
}

/// Fields that applications and proxies take as proof of who the client is, or where it comes from.
bool is_trusted(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 13> names{"Cookie",
                                                   "Authorization",
                                                   "From",
                                                   "Origin",
                                                   "Referer",
                                                   "Forwarded",
                                                   "Via",
                                                   "X-Real-IP",
                                                   "True-Client-IP",
                                                   "X-Client-IP",
                                                   "X-Cluster-Client-IP",
                                                   "CF-Connecting-IP",
                                                   "Fastly-Client-IP"};
  return starts_with(name, "X-Forwarded-") || starts_with(name, "X-Original-")
         || is_one_of(names, name);
}

} // namespace

url_headers::url_headers(std::initializer_list<std::string> names) : url_headers{only(names)} {}

url_headers url_headers::none() {
  url_headers result;
  result.kind_ = kind::none;
  return result;
}

url_headers url_headers::only(std::vector<std::string> names) {
  for (const auto& name : names)
    if (!net::is_token(name) || is_never_allowed(name))
      throw std::invalid_argument{"The field \"" + name + "\" cannot come from a URL."};
  url_headers result;
  result.kind_ = kind::only;
  result.names_ = std::move(names);
  return result;
}

bool url_headers::is_never_allowed(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 9> names{
      "Host",    "Connection", "Upgrade", "Transfer-Encoding",     "TE",
      "Trailer", "Keep-Alive", "Expect",  "X-HTTP-Method-Override"};
  return starts_with(name, "Sec-") || starts_with(name, "Proxy-") || starts_with(name, "Content-")
         || is_one_of(names, name);
}

bool url_headers::allows(std::string_view name) const noexcept {
  if (kind_ == kind::none || is_never_allowed(name))
    return false;
  if (kind_ == kind::harmless)
    return !is_trusted(name);
  return net::iequals(name, reconnect)
         || std::any_of(names_.begin(), names_.end(),
                        [name](const std::string& one) { return net::iequals(one, name); });
}

namespace net {

namespace {

constexpr std::string_view prefix = "X-Websocket-Header-";

using named_value = std::pair<std::string, std::string>;

/// The field that one parameter brings; nothing if it brings none.
std::optional<named_value> field_of(std::string_view parameter, const url_headers& allowed) {
  const auto equals = std::min(parameter.find('='), parameter.size());
  auto name = percent_decode(parameter.substr(0, equals), plus_sign::blank);
  if (!name || !starts_with(*name, prefix))
    return std::nullopt;
  name->erase(0, prefix.size());
  const auto rest = parameter.substr(std::min(equals + 1, parameter.size()));
  auto value = percent_decode(rest, plus_sign::blank);
  if (!value || !is_token(*name) || std::any_of(value->begin(), value->end(), is_control)
      || !allowed.allows(*name))
    return std::nullopt;
  return named_value{*std::move(name), *std::move(value)};
}

} // namespace

std::optional<request> add_url_headers(const request& asked, const url_headers& allowed) {
  const auto target = asked.target();
  const auto query = target.substr(std::min(target.find('?'), target.size()));
  std::vector<named_value> found;
  for_each_element(query.substr(query.empty() ? 0 : 1), '&', [&](std::string_view parameter) {
    if (found.size() < url_headers::max_fields)
      if (auto field = field_of(parameter, allowed))
        found.push_back(*std::move(field));
  });
  if (found.empty())
    return std::nullopt;
  std::vector<header_field> fields;
  for (const auto& [name, value] : found)
    fields.push_back({name, value});
  return asked.with_fields(fields);
}

} // namespace net

} // namespace troupe
