#include "actors/room_actor.hpp"

#include "troupe/caf.hpp"

#include <utility>

namespace troupe::actors {

room_actor::room_actor(caf::actor_config& config, shard& home, runtime& shared, room_ptr handle)
  : pinned_actor{config, home},
    shared_{shared},
    state_{shared, home, std::move(handle), [this] { flush(); }} {
  home.add_load(1);
}

caf::behavior room_actor::make_behavior() {
  return {
    [this](const room_input_ptr& request) { state_.input(*request); },
    [this](const broadcast& request) { state_.send(request); },
    [this](const admit_member& request) { admit(request); },
    [this](const leave_room& request) { state_.leave(request); },
    [this](const run_here& visit) { visit_or_pass_on(visit); },
    [this](const end_room&) { quit(); },
    [this](const emit_event& what) {
      state_.send_event({.who = audience::kind::room}, what.event, what.content, what.how);
    },
  };
}

// What comes after the end of the room is for the next one of its name; the directory hears of the
// end first.

void room_actor::admit(const admit_member& request) {
  if (!state_.is_closed())
    return state_.admit(request);
  flush();
  send(shared_.directory, request.join);
}

void room_actor::visit_or_pass_on(const run_here& visit) {
  if (!state_.is_closed())
    return state_.visit(visit.run);
  flush();
  send(shared_.directory,
       visit_room{state_.handle()->space, state_.handle()->name, visit.run});
}

void room_actor::on_exit() {
  state_.end();
  home().add_load(-1);
}

void room_actor::flush() {
  if (!state_.handle())
    return; // it has ended within this batch
  if (auto batch = state_.take_batch())
    for (auto index : state_.shards_of(*batch))
      send(shared_.hubs[index], batch);
  if (state_.is_closed() && !std::exchange(has_told_end_, true))
    send(shared_.directory, room_closed{state_.number()});
  if (state_.handle()->rules->lives_until_closed)
    return;
  auto is_empty = state_.size() == 0;
  if (is_empty && (!was_empty_ || state_.joins() != reported_joins_)) {
    reported_joins_ = state_.joins();
    send(shared_.directory, room_emptied{state_.number(), reported_joins_});
  }
  was_empty_ = is_empty;
}

} // namespace troupe::actors
