#pragma once
#include <chrono>
#include <cstddef>

namespace troupe {

/// How clients of an endpoint may come back to the connection that they had: see
/// `endpoint::resume`.
struct resume_rules {
  std::chrono::milliseconds grace{30'000}; ///< a session without a socket lives this long
  std::size_t ring_bytes = 256 * 1024;     ///< kept per session of what was sent last
};

} // namespace troupe
