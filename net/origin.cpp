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
