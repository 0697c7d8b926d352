#pragma once
#include "net/address_meter.hpp"
#include "net/http_response.hpp"
#include "server/http_routes.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace troupe::actors {
class runtime;
struct endpoint_entry;
} // namespace troupe::actors

namespace troupe {

/// Who may call what is in `http_routes`, and how: pages by the endpoint's origin policy (CORS,
/// preflights included), each address as often per second as one connection may send messages,
/// everybody as `authorize` says, with JSON in the body.
///
/// Threading:  any shard.
/// Errors:     everything is answered, as {"error", "text"} with a status; what handlers throw is
///             logged and answered with 500.
class http_calls {
public:
  http_calls(const http_routes& routes, actors::runtime& shared)
      : routes_{routes}, shared_{shared} {}

  bool has(std::string_view path) const { return routes_.find(path).has_value(); }
  /// The answer to a body of `size` bytes that is not read; nothing if it is.
  /// @pre has(asked.path())
  std::optional<net::http_reply> refuse_body(const request& asked, std::size_t size) const;
  /// @pre has(asked.path())
  net::http_reply answer(const request& asked, std::string_view body);

private:
  http_result decide(const request& asked, std::string_view body, const http_routes::match& at,
                     const actors::endpoint_entry& entry);
  bool is_within_rate(const request& asked, const actors::endpoint_entry& entry);
  const actors::endpoint_entry& entry_of(const http_routes::match& at) const;

  const http_routes& routes_;
  actors::runtime& shared_;
  net::address_meter meter_;
};

} // namespace troupe
