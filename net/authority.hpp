#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace troupe::net {

/// "host" or "host:port", as in a Host field or an origin. Ownership: a view into the text.
struct authority {
  std::string_view host;             ///< a name or an IPv4 address, or "[IPv6]" with its brackets
  std::optional<std::uint16_t> port; ///< 1 to 65535
};

/// Nothing for anything else: an empty host, user information, a path, a port that is no number.
std::optional<authority> parse_authority(std::string_view text) noexcept;

/// "scheme://host[:port]", the serialised origin of RFC 6454. Ownership: views into the text.
struct web_origin {
  std::string_view scheme;
  authority at;

  /// The port, or the scheme's default; 0 for a scheme that has none.
  std::uint16_t effective_port() const noexcept;
};

/// Nothing for "null", for an empty text, and for a URL with anything behind the port.
std::optional<web_origin> parse_origin(std::string_view text) noexcept;

/// 80 for http, 443 for https, else 0.
std::uint16_t default_port(std::string_view scheme) noexcept;

} // namespace troupe::net
