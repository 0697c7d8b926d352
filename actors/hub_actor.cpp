#include "actors/hub_actor.hpp"

#include "actors/outgoing.hpp"

#include <algorithm>

namespace troupe::actors {

/// The members of one room that live on this shard.
struct hub_actor::local_room final : net::timer {
  struct member {
    connection_state* connection;
    connection_id id;
    std::size_t encoding; ///< index
  };

  /// Members are cold in the cache when their turn comes: fetch a later one now.
  void prefetch(std::size_t present) const noexcept {
    constexpr std::size_t ahead = 4;
    if (present + ahead < members.size())
      members[present + ahead].connection->socket().prefetch();
  }

  explicit local_room(room_ptr which) : room{std::move(which)} {}
  void on_timer(net::time_point) noexcept override {
    for (auto& each : members)
      each.connection->socket().request_flush();
  }
  net::flush_time flush_time() const noexcept {
    return room->flush_period.count() == 0 ? net::flush_time::turn_end : net::flush_time::later;
  }

  const room_ptr room;
  std::vector<member> members;
};

hub_actor::hub_actor(caf::actor_config& config, shard& home, runtime& shared)
  : pinned_actor{config, home}, shared_{shared} {}

hub_actor::~hub_actor() = default;

caf::behavior hub_actor::make_behavior() {
  return {
    [this](const room_batch_ptr& batch) { deliver(*batch); },
    [this](const emit_here& request) { emit(request); },
    [this](const ask_here& request) { ask(request); },
    [this](const visit_here& request) { visit(request); },
    [this](const report_error& error) {
      if (auto* who = find(error.id))
        who->on_error(error);
    },
    [this](const close_all& whom) { close(whom); },
  };
}

// -- connections --------------------------------------------------------------

connection_id hub_actor::next_id() noexcept {
  return attached_++ * shared_.shards.size() + home().index() + 1;
}

void hub_actor::add(const pinned<connection_actor>& connection) {
  auto& state = connection.object->state();
  connections_.emplace(state.id(), connection);
  if (is_closing_)
    state.socket().close(errc::going_away);
}

connection_state* hub_actor::find(connection_id id) noexcept {
  auto found = connections_.find(id);
  if (found == connections_.end() || !found->second.object->state().is_open())
    return nullptr;
  return &found->second.object->state();
}

void hub_actor::retire(connection_state& connection) {
  while (auto* last = connection.last_membership())
    withdraw(connection, room_ptr{last->first});
}

void hub_actor::withdraw(connection_state& connection, const room_ptr& room) {
  remove_member(room, connection);
  send(room->actor, leave_room{.id = connection.id(), .how = connection.departure_now()});
}

void hub_actor::forget(connection_id id) {
  connections_.erase(id);
}

// -- rooms --------------------------------------------------------------------

void hub_actor::deliver(const room_batch& batch) {
  auto& slot = rooms_[batch.room->number];
  if (!slot)
    slot = std::make_unique<local_room>(batch.room);
  auto& room = *slot;
  auto run = batch.runs.begin();
  for (std::size_t i = 0; i < batch.items.size();) {
    if (run != batch.runs.end() && run->begin == i) {
      deliver_run(room, batch, *run);
      i = run++->end;
    } else {
      deliver_item(room, batch.items[i++]);
    }
  }
  if (room.members.empty())
    rooms_.erase(batch.room->number);
  else if (room.room->flush_period.count() != 0)
    schedule_flush(room);
  else
    home().reactor().add_fan_out(room.members.size());
}

void hub_actor::deliver_run(local_room& room, const room_batch& batch,
                            const room_batch::run& run) {
  auto when = room.flush_time();
  for (std::size_t k = 0; k < room.members.size(); ++k) {
    room.prefetch(k);
    auto& member = room.members[k];
    auto id = member.id;
    if (!std::binary_search(run.excepted.begin(), run.excepted.end(), id)) {
      if (auto& frame = run.frames[member.encoding])
        member.connection->socket().send(frame, {}, when);
      continue;
    }
    for (auto i = run.begin; i != run.end; ++i)
      if (auto& frame = batch.items[i].frames[member.encoding]; frame && batch.items[i].id != id)
        member.connection->socket().send(frame, {}, when);
  }
}

void hub_actor::deliver_item(local_room& room, const room_batch::item& item) {
  if (item.what == room_batch::kind::broadcast) {
    auto when = room.flush_time();
    for (std::size_t k = 0; k < room.members.size(); ++k) {
      room.prefetch(k);
      auto& member = room.members[k];
      if (auto& frame = item.frames[member.encoding]; frame && member.id != item.id
          && (item.except_client.empty() || member.connection->client_id() != item.except_client))
        member.connection->socket().send(frame, item.how, when);
    }
    return;
  }
  if (item.shard != home().index())
    return;
  if (item.what == room_batch::kind::join)
    return add_member(room, item);
  auto* connection = find(item.id);
  if (connection == nullptr)
    return;
  auto leaves = item.what == room_batch::kind::leave && connection->is_member(room.room->number);
  if (leaves && item.is_forced)
    connection->on_removing(room.room);
  if (item.frames[0])
    connection->socket().send(item.frames[0], item.how);
  if (leaves && remove_member(room.room, *connection))
    connection->on_left(room.room, {.is_local = item.ask_id == 0, .is_forced = item.is_forced});
}

void hub_actor::add_member(local_room& room, const room_batch::item& item) {
  auto* connection = find(item.id);
  if (connection == nullptr) // since it asked
    return send(room.room->actor, leave_room{.id = item.id, .how = departure::closed});
  auto is_new = !connection->is_member(room.room->number);
  if (is_new) {
    room.members.push_back({connection, connection->id(), connection->encoding().index()});
    connection->add_membership(room.room, static_cast<std::uint32_t>(room.members.size() - 1));
  }
  if (item.frames[0])
    connection->socket().send(item.frames[0]);
  connection->on_joined(room.room, item.ask_id, is_new);
}

bool hub_actor::remove_member(const room_ptr& room, connection_state& member) {
  auto index = member.take_membership(room->number);
  if (!index)
    return false;
  auto& members = rooms_.at(room->number)->members;
  members[*index] = members.back();
  if (members[*index].connection != &member)
    members[*index].connection->move_membership(room->number, *index);
  members.pop_back();
  return true;
}

void hub_actor::schedule_flush(local_room& room) {
  if (!room.is_armed())
    home().reactor().timers.arm(room, home().reactor().now() + room.room->flush_period);
}

// -- events outside of rooms --------------------------------------------------

template <class Run>
void hub_actor::for_each(const recipients& to, Run run) {
  auto meet = [&](connection_state& who) {
    auto* in = who.find_scope(to.space);
    if (to.may_be_outside && who.is_opened() && who.own_scope().entry().index == to.space)
      in = &who.own_scope();
    if (in == nullptr || (!to.client.empty() && in->client_id() != to.client)
        || (!to.except_client.empty() && in->client_id() == to.except_client)
        || (!to.room.empty() && !in->is_member(to.room)))
      return;
    run(who, *in);
  };
  if (to.only != 0) {
    if (auto* who = find(to.only))
      meet(*who);
    return;
  }
  // What runs may close connections, but never removes one before the next turn.
  for (auto& [id, connection] : connections_)
    if (id != to.except && connection.object->state().is_open())
      meet(connection.object->state());
}

void hub_actor::emit(const emit_here& request) {
  auto& event = *request.event;
  auto message = to_event_message(event, shared_.spaces[request.to.space]);
  auto how = event.how;
  if (how.cls == delivery_class::latest)
    how.key = latest_key(0, event);
  protocol::frame_set frames;
  for_each(request.to, [&](connection_state& to, connection&) {
    auto& frame = frames[to.encoding().index()];
    if (!frame)
      frame = protocol::encode(to.encoding(), message);
    if (frame)
      to.socket().send(frame, how);
  });
}

void hub_actor::ask(const ask_here& request) {
  auto question = request.question;
  for_each(request.to, [&](connection_state&, connection& to) {
    to.send_ask(question->event, question->content, question->timeout,
                [question](result<payload_view, ask_error> answer) {
                  // The client's own refusal is an answer; silence is not.
                  if (answer || (answer.error().code != errc::timed_out
                                 && answer.error().code != errc::connection_lost
                                 && answer.error().code != errc::closed))
                    question->answer(std::move(answer));
                });
  });
}

void hub_actor::close(const close_all& whom) {
  is_closing_ = is_closing_ || whom.only == nullptr;
  for (auto& [id, each] : connections_)
    if (auto& client = each.object->state(); whom.only == nullptr || &client.endpoint() == whom.only)
      client.socket().close(errc::going_away);
}

void hub_actor::visit(const visit_here& request) {
  for_each(request.to, [&](connection_state& who, connection& in) {
    who.run_guarded([&] { request.run(in); });
  });
}

void hub_actor::on_exit() {
  rooms_.clear();
  connections_.clear();
}

} // namespace troupe::actors
