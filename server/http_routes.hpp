#pragma once
#include "troupe/request.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

class endpoint;

/// A call that came by HTTP and may be made: what its handler gets. Ownership: views.
struct http_call {
  const request& asked;
  std::string_view body;     ///< JSON by its Content-Type, or empty
  std::string_view rest;     ///< what stands in the path for the route's "*"
  std::string_view identity; ///< what `authorize` attached
};

/// What a handler answers.
struct http_result {
  int status = 200;
  std::string body{};
  std::string content_type = "application/json";
};

/// {"error": `code`, "text": `text`}
http_result http_failure(int status, std::string_view code, std::string_view text);

/// What an endpoint answers by HTTP, beside its WebSockets:
///
///     routes.add(at, "GET", "/stats", [](const http_call&) { return http_result{...}; });
///
/// answers GET and HEAD for the path of the endpoint, followed by "/stats". `http_calls` says who
/// may call.
///
/// Threading:  add first, from one thread; handlers are called on any shard, several at a time.
class http_routes {
public:
  using handler = std::function<http_result(const http_call&)>;

  /// One path, by its methods.
  struct resource {
    const endpoint* at;
    std::map<std::string, handler, std::less<>> by_method;

    const handler* find(std::string_view method) const; ///< HEAD is answered as GET
    std::string methods() const;                        ///< as in the field "Allow"
  };

  struct match {
    const resource* what;
    std::string_view rest; ///< of the path it was found for
  };

  /// @param below  behind the endpoint's path; one that ends in "/*" takes any one segment there.
  void add(const endpoint& at, std::string method, std::string_view below, handler run);
  std::optional<match> find(std::string_view path) const;

private:
  std::map<std::string, resource, std::less<>> resources_; // by path
};

} // namespace troupe
