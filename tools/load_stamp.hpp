#pragma once
#include "troupe/bytes.hpp"

#include "tools/load_units.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace troupe::load {

/// What every message carries in its first 24 bytes, in big-endian order: enough to say who sent
/// it, which one it is, when it was due, and that it belongs to this run.
struct stamp {
  std::uint32_t sender = 0;   ///< index of the sending connection
  std::uint32_t sequence = 0; ///< counts the sender's messages from 0
  instant due{};              ///< when it should have been sent (closed loop: when it was sent)
  std::uint64_t run = 0;      ///< random per run

  friend bool operator==(const stamp&, const stamp&) = default;
};

inline constexpr std::size_t stamp_bytes = 24;

void write_stamp(std::span<std::byte, stamp_bytes> out, const stamp& value) noexcept;

/// @returns nothing when `message` is shorter than a stamp.
std::optional<stamp> read_stamp(byte_view message) noexcept;

} // namespace troupe::load
