#pragma once
#include "protocol/ws_reader.hpp"
#include "tools/load_tls.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::load {

enum class link_phase : std::uint8_t {
  idle,       ///< no socket
  connecting, ///< waiting for TCP
  upgrading,  ///< waiting for the 101
  open,
  closing, ///< our close frame is sent
};

/// One connection of a `swarm`; kept small, there are tens of thousands.
struct link {
  int descriptor = -1;
  tls_session tls; ///< null: plain
  std::uint32_t generation = 0; ///< counts sockets, so that old events are recognised
  link_phase phase = link_phase::idle;
  bool is_dirty = false; ///< listed for `flush`
  bool waits_for_write = false;
  bool has_peer_closed = false; ///< the server's close frame has arrived
  std::string expected_accept;  ///< until the 101
  std::string head;             ///< the server's answer so far, until the 101
  std::vector<std::byte> out;   ///< not yet written
  protocol::ws_reader reader{protocol::ws_role::client};
};

} // namespace troupe::load
