#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Which request header fields a URL may bring to an endpoint.
///
/// Scripts in browsers cannot set header fields on a WebSocket. So the query parameter
/// `X-Websocket-Header-<Name>=<value>` counts as the field `<Name>: <value>`, behind the fields
/// that were sent, before the endpoint looks at any. Parameters that are not allowed, and values
/// with control characters, are ignored. But a URL is no safe place: it can be a link on somebody
/// else's page, and it is written to logs. So fields that say who the client is, or where it comes
/// from, come from a URL only if the application asks for it.
///
/// Threading:  immutable after construction.
/// Ownership:  a value.
/// Errors:     `only` throws std::invalid_argument.
class url_headers {
public:
  /// More parameters than this are ignored.
  static constexpr std::size_t max_fields = 32;

  /// The default: `harmless()`.
  url_headers() = default;
  /// As `only`.
  url_headers(std::initializer_list<std::string> names);

  /// All but those that grant something or name the client: Cookie, Authorization, From, Origin,
  /// Referer, Forwarded, Via, X-Forwarded-*, X-Real-IP and other names for the client's address,
  /// and those of `is_never_allowed`.
  static url_headers harmless() { return {}; }
  static url_headers none();
  /// Exactly these, compared without regard to case, and X-Websocket-Reconnect.
  /// @throws std::invalid_argument with a sentence that names a name that is none, or is never
  /// allowed.
  static url_headers only(std::vector<std::string> names);

  bool allows(std::string_view name) const noexcept;

  /// Whether no endpoint takes the field from a URL: those that browsers keep from scripts because
  /// they frame the request (Host, Connection, Upgrade, Content-*, Transfer-Encoding, TE, Trailer,
  /// Keep-Alive, Expect, X-HTTP-Method-Override, Sec-*, Proxy-*).
  static bool is_never_allowed(std::string_view name) noexcept;

private:
  enum class kind : std::uint8_t { harmless, none, only };

  kind kind_ = kind::harmless;
  std::vector<std::string> names_;
};

} // namespace troupe
