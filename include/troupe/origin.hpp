#pragma once
#include <functional>
#include <string>
#include <vector>

namespace troupe {

class request;

/// Decides from which web pages a browser may open a WebSocket.
///
/// Browsers send cookies with a WebSocket request from any page and enforce no same-origin rule, so
/// a server that does not look at `Origin` lets every page act for its visitors. A request without
/// `Origin` does not come from a page and is allowed, except by `custom`, which decides everything.
/// More than one `Origin`, or one that is no origin, is refused by `same_host` and `list`.
///
/// Threading:  immutable after construction; `allows` may be called from any thread if the
///             function given to `custom` may be.
/// Ownership:  a value; copies share nothing but the state captured by the function.
/// Errors:     `list` throws; `allows` passes on what the application's function throws.
class origin_policy {
public:
  /// The default: `same_host()`.
  origin_policy() = default;

  /// The page was served by the host and port that the request names in `Host`. Where `Host` has no
  /// port, the default port of the origin's scheme is meant (a proxy may speak TLS in front of this
  /// server); on a connection that this server encrypts itself the origin must be https.
  static origin_policy same_host() { return {}; }
  /// As `same_host` with fewer rules, those of gorilla/websocket: the first `Origin` counts, its
  /// host and port are compared with `Host` as they are written, but for the case of ASCII letters.
  /// The scheme is ignored, also on connections that this server encrypts, and no default port is
  /// added: "https://a.example:443" may not connect to "a.example".
  static origin_policy same_authority();
  /// Every page. Use it only where no cookie or network position grants anything.
  static origin_policy any();
  /// The pages of these origins: "scheme://host[:port]", "null", or "*" for all.
  /// @throws std::invalid_argument with a sentence that names an entry that is none of these.
  static origin_policy list(const std::vector<std::string>& origins);
  /// The application decides, also about requests without `Origin`.
  static origin_policy custom(std::function<bool(const request&)> allows);

  bool allows(const request& from) const;

private:
  std::function<bool(const request&)> allows_; // empty: same host
};

} // namespace troupe
