#pragma once
#include <chrono>
#include <cstdint>

namespace troupe::net {

/// What a bad network does to a connection, in each direction.
struct impairment {
  std::chrono::milliseconds latency{0}; ///< from one end to the other
  std::chrono::milliseconds jitter{0};  ///< up to this much more, differently for each packet
  std::uint64_t bytes_per_s = 0;        ///< 0 = unlimited
  double loss = 0;                      ///< share of packets that are lost, and sent again later
};

} // namespace troupe::net
