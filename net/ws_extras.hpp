#pragma once
#include "net/outbox.hpp"
#include "net/ws_connection.hpp"

#include <chrono>
#include <cstdint>

namespace troupe::net {

/// What only those connections need that the application tunes, or writes messages to in pieces:
/// all others stay small.
struct ws_connection::extras {
  explicit extras(const ws_options& options)
      : reader{options.reader},
        write_timeout{options.limits.write_timeout},
        read_timeout{options.limits.read_timeout},
        packing{options.packing} {}

  protocol::ws_limits reader;
  std::chrono::milliseconds write_timeout;
  std::chrono::milliseconds read_timeout; ///< 0 = none
  time_point read_deadline = time_point::max();
  compression packing;

  std::unique_ptr<protocol::sent_ring> sent{}; ///< of a session
  time_point detached_since{};

  bool asked_how_far = false; ///< since messages are held back

  // the message that is written in pieces
  std::uint32_t stream = 0; ///< number of the last one that was begun
  protocol::opcode type = protocol::opcode::binary;
  bool is_packed = false;
  bool is_begun = false;   ///< its first fragment is queued
  bool wants_room = false; ///< a piece was turned away: tell when there is room
  outbox waiting;          ///< messages behind it, or held back
};

} // namespace troupe::net
