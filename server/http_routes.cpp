#include "server/http_routes.hpp"

#include "troupe/endpoint.hpp"

#include "server/http_json.hpp"

#include <utility>

namespace troupe {

http_result http_failure(int status, std::string_view code, std::string_view text) {
  const std::map<std::string_view, std::string_view> content{{"error", code}, {"text", text}};
  return {.status = status, .body = to_json(make_payload(content))};
}

const http_routes::handler* http_routes::resource::find(std::string_view method) const {
  const auto found = by_method.find(method == "HEAD" ? "GET" : method);
  return found == by_method.end() ? nullptr : &found->second;
}

std::string http_routes::resource::methods() const {
  std::string result{"OPTIONS"};
  for (const auto& [method, run] : by_method)
    result.append(", ").append(method).append(method == "GET" ? ", HEAD" : "");
  return result;
}

void http_routes::add(const endpoint& at, std::string method, std::string_view below, handler run) {
  auto& made = resources_[at.path() + std::string{below}];
  made.at = &at;
  made.by_method.insert_or_assign(std::move(method), std::move(run));
}

std::optional<http_routes::match> http_routes::find(std::string_view path) const {
  if (const auto exact = resources_.find(path); exact != resources_.end())
    return match{&exact->second, {}};
  const auto end = path.rfind('/') + 1;
  const auto below = resources_.find(std::string{path.substr(0, end)} + '*');
  if (below == resources_.end() || end == path.size())
    return std::nullopt;
  return match{&below->second, path.substr(end)};
}

} // namespace troupe
