#pragma once
#include "actors/connection_state.hpp"
#include "net/timer_wheel.hpp"
#include "protocol/resume.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace troupe::actors {

/// What a connection knows that is a session: that lives on when its socket is lost.
///
/// Its timer ends the session when nobody has come back in time.
///
/// Threading:  belongs to its connection.
/// Ownership:  owns the session's entry in the `session_table`.
struct connection_state::session final : net::timer {
  session(connection_state& of, protocol::session_outcome how);
  ~session() override;

  protocol::session_outcome outcome; ///< what the next hello says
  std::string token;                 ///< the same
  std::uint64_t attempt = 0;         ///< the client's latest
  std::uint64_t received = 0;        ///< counted messages of the client
  std::uint64_t told = 0;            ///< of them, those that the client knows about
  std::size_t untold_bytes = 0;
  bool is_unconfirmed = false; ///< the client may not have the newest token yet

private:
  void on_timer(net::time_point now) noexcept override;

  connection_state& owner_;
};

} // namespace troupe::actors
