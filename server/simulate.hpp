#pragma once
#include "net/impairment.hpp"
#include "server/config_keys.hpp"

#include <string_view>

namespace troupe {

/// What a value of the key `simulate` says: "latency=100ms,jitter=30ms,rate=64kB/s,loss=1%".
/// @throws config_error naming the part that is not allowed.
net::impairment parse_impairment(std::string_view text, const config_source& source);

} // namespace troupe
