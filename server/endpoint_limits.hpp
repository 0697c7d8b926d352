#pragma once
#include "troupe/config.hpp"
#include "troupe/endpoint_limits.hpp"

#include <string>

namespace troupe {

/// The limits of an endpoint: the configuration's, with the endpoint's own in their place. Where
/// the endpoint wants no pings or no deadline the value is longer than any connection lives.
/// @throws config_error  naming the endpoint's `path`, if one is out of its key's range.
struct config::limits apply(const endpoint_limits& own, struct config::limits common,
                            const std::string& path);

} // namespace troupe
