#pragma once
#include "net/url.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::net {

/// Where an HTTP proxy is and who it is told we are.
struct proxy_address {
  url at;                  ///< `at.secure` = it is spoken to over TLS
  std::string credentials; ///< "user:password"; empty = none

  friend bool operator==(const proxy_address&, const proxy_address&) = default;
};

/// Reads `http://[user:password@]host[:port]` or `https://...`; without a scheme it is http. A
/// user without a password is no credentials.
std::optional<proxy_address> parse_proxy(std::string_view text);

/// The request for a tunnel to the host and port of `to`.
std::string make_connect_request(const url& to, const proxy_address& proxy);

/// `proxy_from_environment` for any environment. @param variable  the value of a variable, empty
/// if it is not set.
std::string choose_proxy(std::string_view url_text,
                         const std::function<std::string(const char* name)>& variable);

} // namespace troupe::net
