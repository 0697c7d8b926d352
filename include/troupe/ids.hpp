#pragma once
#include <cstdint>

namespace troupe {

/// Names one connection for the life of the process: from 1, never reused. Not a secret.
using connection_id = std::uint64_t;

/// Names one living room on the wire, the same for every connection: from 1, reused after the
/// room is gone.
using room_number = std::uint32_t;

} // namespace troupe
