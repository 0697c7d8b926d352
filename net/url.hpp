#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace troupe::net {

/// The parts of a `ws://` or `wss://` address.
struct url {
  bool secure = false; ///< wss
  std::string host;    ///< name, IPv4 address, or IPv6 address without brackets
  std::string port;    ///< digits; 80 or 443 when the text has none
  std::string target;  ///< path and query; at least "/"

  /// `host:port` for the Host field: IPv6 in brackets, no default port.
  std::string authority() const;

  friend bool operator==(const url&, const url&) = default;
};

/// Reads `text`; `http` and `https` are taken as `ws` and `wss`. A fragment is dropped.
/// @returns nothing for other schemes, an empty host, user names, or a port above 65535.
std::optional<url> parse_url(std::string_view text);

} // namespace troupe::net
