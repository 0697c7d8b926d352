#pragma once
#include "troupe/origin.hpp"
#include "troupe/request.hpp"
#include "troupe/subprotocol.hpp"
#include "troupe/upgrade_error.hpp"
#include "troupe/url_headers.hpp"

#include "net/http_response.hpp"
#include "net/upgrade_failure.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::net {

using extra_header = std::pair<std::string, std::string>;

/// What happens when a client offers subprotocols and the endpoint supports none of them.
enum class unmatched_subprotocol {
  accept, ///< upgrade without a subprotocol: RFC 6455 lets the client decide whether to go on
  refuse, ///< 400
};

/// Rules of one WebSocket endpoint for the opening handshake.
struct upgrade_options {
  subprotocol_choice subprotocols{}; ///< a client that offers none gets none
  unmatched_subprotocol unmatched = unmatched_subprotocol::accept;
  origin_policy origins{};
  bool deflate = false;               ///< accept permessage-deflate
  url_headers from_url{};             ///< fields that the URL may bring
  std::vector<extra_header> fields{}; ///< of every 101; `is_allowed_header` holds
  upgrade_failure_hooks on_failure{};
  std::chrono::milliseconds timeout{0}; ///< for writing the 101; 0: what is left of the request's
};

/// The outcome of the checks: a refusal, or what the 101 will say.
struct upgrade_result {
  std::optional<upgrade_error> refused{}; ///< 400, 403, 405, 426 or 500; nothing: go on
  std::string accept_key{};               ///< the value of Sec-WebSocket-Accept
  std::string subprotocol{};              ///< chosen; empty: none
  std::string extensions{}; ///< value of Sec-WebSocket-Extensions; empty: no compression
};

/// Whether the request asks to become a WebSocket: a path that also serves files can tell by it.
bool is_websocket_upgrade(const request& asked) noexcept;

/// Whether the page that the request is from may connect here: nothing, or why not (403, or 500 if
/// the policy throws).
std::optional<upgrade_error> check_origin(const request& asked, const origin_policy& origins);

/// Checks a request against RFC 6455 section 4.2.1 and the endpoint's rules. Total: any request.
/// Whether the path exists and whether the application authorizes it is for the caller to decide.
upgrade_result check_upgrade(const request& asked, const upgrade_options& options);

/// Whether the application may add the field to the 101: a token as name, a value without control
/// characters (no second field can be smuggled in), and no field that the handshake itself sets.
bool is_allowed_header(const extra_header& field) noexcept;

/// The bytes of the 101.
/// @pre !upgrade.refused
/// @returns nothing if `is_allowed_header` refuses one of `extra`: answer 500 and log the name.
std::optional<std::string> switching_protocols(const upgrade_result& upgrade,
                                               std::span<const extra_header> extra, wall_time now);

/// The value of Sec-WebSocket-Accept for a Sec-WebSocket-Key.
std::string accept_key(std::string_view key);

} // namespace troupe::net
