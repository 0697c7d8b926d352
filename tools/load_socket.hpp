#pragma once
#include "net/url.hpp"

#include <cstddef>
#include <string>
#include <sys/socket.h>

namespace troupe::load {

/// Where all connections of a run go, resolved once.
struct target_address {
  sockaddr_storage address{};
  socklen_t size = 0;

  /// Whether source addresses can be rotated: 127.0.0.0/8.
  bool is_ipv4_loopback() const noexcept;
};

/// Throws `usage_error` when the host is not known.
target_address resolve(const net::url& target);

/// The outcome of beginning to connect.
struct socket_result {
  int descriptor = -1; ///< non-blocking; the caller closes it; -1 = failed
  std::string problem; ///< why it failed: "connect: Connection refused"
};

/// Creates a non-blocking socket without delay (TCP_NODELAY) and begins to connect it.
/// @param source  0 = whichever address the system picks, n = 127.0.0.n.
socket_result begin_connect(const target_address& target, std::size_t source);

/// Why a pending connect failed; empty when it succeeded.
std::string connect_problem(int descriptor);

/// "what: Connection reset by peer" for an errno value.
std::string system_problem(const char* what, int error);

} // namespace troupe::load
