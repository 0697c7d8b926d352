#pragma once
#include "troupe/result.hpp"
#include "troupe/websocket_types.hpp"

#include "net/waiting.hpp"

#include <string>

namespace troupe::net {

/// Connects to one of the addresses of `host`, one after the other; each has its share of the time.
/// @param interrupt  a descriptor that ends the attempt when it can be read; may be -1.
/// @returns a socket that the caller owns, or `timed_out`, `connection_lost` or `closed`
///          (interrupted) with a sentence.
result<int, websocket_status> connect_tcp(const std::string& host, const std::string& port,
                                          time_point deadline, int interrupt);

} // namespace troupe::net
