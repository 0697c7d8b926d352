#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

#include "troupe/ask.hpp"
#include "troupe/delivery.hpp"
#include "troupe/emit.hpp"
#include "troupe/errc.hpp"
#include "troupe/payload.hpp"

namespace troupe {

class connection;
class room;

/// Why something happens to a connection.
struct cause {
  bool is_local = false;  ///< the server wished it, not the client
  bool is_forced = false; ///< nobody can refuse: the connection or its namespace is ending
};

/// How a connection ended, or why it leaves a space.
struct close_info {
  errc why = errc::ok;       ///< errc::ok: one side wished so
  std::uint16_t code = 0;    ///< close code that was received or sent; 0: the socket stays
  std::string_view reason{}; ///< valid during the call
  cause by{};
};

using connect_hook = std::function<void(connection&)>;
using disconnect_hook = std::function<void(connection&, const close_info&)>;
using room_hook = std::function<void(connection&, std::string_view room, cause)>;

/// What a running server does for a space; empty while it does not run.
struct space_link {
  std::function<void(const audience&, std::string_view event, payload, const delivery&)> send;
  std::function<void(const audience&, std::string_view event, payload, std::chrono::milliseconds,
                     ask_answer)>
    ask;
  std::function<void(const audience&, std::function<void(connection&)>)> visit;
  std::function<void(std::string name, std::function<void(room&)>)> visit_room;
  std::function<std::size_t()> size;
};

} // namespace troupe
