#pragma once
#include "troupe/caf.hpp"

#include "actors/connection_state.hpp"
#include "actors/pinned_actor.hpp"

namespace troupe::actors {

/// The actor around a `connection_state`.
///
/// Its socket reports to the state directly, on the same thread; messages come only to wake a
/// paused reader and to end it. So it is spawned lazily and most never run their mailbox.
///
/// Threading:  pinned to the shard of its socket.
class connection_actor final : public pinned_actor {
public:
  connection_actor(caf::actor_config& config, shard& home, runtime& shared, connection_id id,
                   accepted_connection from)
    : pinned_actor{config, home}, state_{*this, shared, id, std::move(from)} {}

  const char* name() const override { return "connection"; }
  caf::behavior make_behavior() override {
    return {
      [this](read_on) { state_.read_on(); },
      [this](const emit_event& what) {
        state_.send_here(state_.own_scope(), what.event, what.content, what.how);
      },
      [this](const close_connection& what) { state_.own_scope().close(what.code, what.reason); },
    };
  }

  connection_state& state() noexcept { return state_; }

private:
  connection_state state_;
};

} // namespace troupe::actors
