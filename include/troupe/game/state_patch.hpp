#pragma once
#include "troupe/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace troupe::game {

/// Counts the steps of a room, from 1; 0 is before everything.
using tick_number = std::uint64_t;

/// Bytes for one client or for many who see the same: immutable and shared.
using shared_bytes = std::shared_ptr<const std::vector<std::byte>>;

/// What brings a client from the state of one tick to that of another.
struct state_patch {
  tick_number from = 0; ///< 0: a snapshot, which needs nothing
  tick_number to = 0;
  shared_bytes bytes; ///< never null

  byte_view view() const noexcept { return *bytes; }
};

} // namespace troupe::game
