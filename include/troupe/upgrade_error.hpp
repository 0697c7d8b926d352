#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

class request;

/// What kept a request to an endpoint from becoming a WebSocket.
enum class upgrade_problem : std::uint8_t {
  request,      ///< it is no correct opening handshake: 400, 405 or 426
  origin,       ///< pages of its origin may not connect: 403
  subprotocol,  ///< it offers no subprotocol that the endpoint needs: 400
  unauthorized, ///< the endpoint's `authorize` hook refused: the hook's status
  failed,       ///< a hook of the application threw or returned what cannot be used: 500
};

/// A failed upgrade, as the client is about to be told.
struct upgrade_error {
  int status = 400;                                ///< of HTTP, 400 to 599
  std::string reason;                              ///< one sentence, no line break
  upgrade_problem what = upgrade_problem::request; ///< whose rule it broke

  friend bool operator==(const upgrade_error&, const upgrade_error&) = default;
};

/// Sees every failed upgrade of an endpoint: to count or log it. HEAD requests, methods that are
/// never answered, and requests to an endpoint that is closed are no failed upgrades.
///
/// Threading:  called on any shard, several at a time. What it throws is logged and changes
/// nothing.
using upgrade_error_hook = std::function<void(const request&, const upgrade_error&)>;

/// The application's own answer to a failed upgrade. `status` outside 400 to 599 becomes the
/// error's, as does an answer with a field that may not be sent.
struct upgrade_error_page {
  int status = 0; ///< 0: the error's
  std::string body{};
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> fields{}; ///< e.g. WWW-Authenticate
};

/// Writes the answer to a failed upgrade in place of the server's one line of text.
///
/// Threading:  as `upgrade_error_hook`. If it throws, or gives what cannot be sent, the server's
/// own
///             answer is sent.
using upgrade_error_writer =
    std::function<upgrade_error_page(const request&, const upgrade_error&)>;

} // namespace troupe
