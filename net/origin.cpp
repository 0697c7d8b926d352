#include "troupe/origin.hpp"

#include "troupe/request.hpp"

#include "net/ascii.hpp"
#include "net/authority.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

struct origin_field {
  std::size_t count = 0;
  std::string_view value;
};

origin_field origin_of(const request& from) noexcept {
  origin_field found;
  for (const auto field : from.headers())
    if (net::iequals(field.name, "Origin")) {
      ++found.count;
      found.value = field.value;
    }
  return found;
}

bool is_same_host(const request& from, std::string_view origin) noexcept {
  const auto page = net::parse_origin(origin);
  const auto host = net::parse_authority(from.host());
  if (!page || !host)
    return false;
  const bool https = net::iequals(page->scheme, "https");
  const bool http = net::iequals(page->scheme, "http");
  if (!https && (!http || from.is_secure()))
    return false;
  return net::iequals(page->at.host, host->host)
         && page->effective_port() == host->port.value_or(net::default_port(page->scheme));
}

/// What stands behind an optional "scheme:"; nothing if a scheme is missing in front of a colon.
std::optional<std::string_view> without_scheme(std::string_view url) noexcept {
  const auto is_scheme_char = [](char c) {
    return net::is_letter(c) || net::is_digit(c) || c == '+' || c == '-' || c == '.';
  };
  const auto end = std::find_if_not(url.begin(), url.end(), is_scheme_char) - url.begin();
  const auto size = static_cast<std::size_t>(end);
  if (size == url.size() || url[size] != ':')
    return url;
  if (size == 0 || !net::is_letter(url[0]))
    return std::nullopt;
  return url.substr(size + 1);
}

/// "host[:port]" of a URL as it is written there; empty if it has none, or is no URL.
std::string_view authority_of(std::string_view url) noexcept {
  const auto is_wrong = [](char c) { return net::is_control(c) || c == ' ' || c == '%'; };
  const auto rest = without_scheme(url);
  if (!rest || !rest->starts_with("//"))
    return {};
  auto at = rest->substr(2, rest->find_first_of("/?#", 2) - 2);
  at.remove_prefix(at.rfind('@') + 1); // without a name in front of the host
  if (std::any_of(at.begin(), at.end(), is_wrong))
    return {};
  const auto port = at.find_first_of(':', at.starts_with('[') ? at.find(']') : 0);
  const auto digits = port == std::string_view::npos ? std::string_view{} : at.substr(port + 1);
  return std::all_of(digits.begin(), digits.end(), net::is_digit) ? at : std::string_view{};
}

bool is_same_authority(const request& from) noexcept {
  const auto origin = from.header("Origin");
  if (!origin)
    return true;
  const auto at = authority_of(*origin);
  return !at.empty() && net::iequals(at, from.host());
}

/// Spells equal origins equally: lower case, with the port that is meant.
std::optional<std::string> normal_form(std::string_view origin) {
  if (origin == "null")
    return "null";
  const auto parsed = net::parse_origin(origin);
  if (!parsed)
    return std::nullopt;
  std::string result;
  result.append(parsed->scheme).append("://").append(parsed->at.host);
  std::transform(result.begin(), result.end(), result.begin(), net::to_lower);
  return result + ':' + std::to_string(parsed->effective_port());
}

std::string checked_normal_form(const std::string& entry) {
  if (auto form = normal_form(entry))
    return *std::move(form);
  throw std::invalid_argument{
      "The allowed origin '" + entry
      + "' is not of the form scheme://host[:port] without a path, nor 'null' or '*'."};
}

bool is_listed(const std::vector<std::string>& origins, std::string_view origin) {
  const auto form = normal_form(origin);
  return form && std::find(origins.begin(), origins.end(), *form) != origins.end();
}

} // namespace

origin_policy origin_policy::same_authority() {
  return custom(is_same_authority);
}

origin_policy origin_policy::any() {
  return custom([](const request&) { return true; });
}

origin_policy origin_policy::list(const std::vector<std::string>& origins) {
  if (std::find(origins.begin(), origins.end(), "*") != origins.end())
    return any();
  std::vector<std::string> forms;
  forms.reserve(origins.size());
  for (const auto& entry : origins)
    forms.push_back(checked_normal_form(entry));
  return custom([forms = std::move(forms)](const request& from) {
    const auto origin = origin_of(from);
    return origin.count == 0 || (origin.count == 1 && is_listed(forms, origin.value));
  });
}

origin_policy origin_policy::custom(std::function<bool(const request&)> allows) {
  origin_policy result;
  result.allows_ = std::move(allows);
  return result;
}

bool origin_policy::allows(const request& from) const {
  if (allows_)
    return allows_(from);
  const auto origin = origin_of(from);
  return origin.count == 0 || (origin.count == 1 && is_same_host(from, origin.value));
}

} // namespace troupe
