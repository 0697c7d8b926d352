#include "actors/connection_extras.hpp"
#include "actors/outgoing.hpp"
#include "actors/pinned_actor.hpp"

#include <caf/send.hpp>

#include <chrono>
#include <utility>

// What connection_state does with messages of clients that speak `troupe.v1`.

namespace troupe::actors {

using protocol::operation;

namespace {

std::uint64_t microseconds_since_epoch() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

std::string no_such_event(const protocol::event_name& name) {
  return "there is no event number " + std::to_string(name.number);
}

} // namespace

bool connection_state::on_native(protocol::opcode type, byte_view bytes) {
  if (type == protocol::opcode::text) {
    on_malformed(errc::malformed_message, "troupe.v1 messages are binary, this one is text");
    return true;
  }
  count_received(bytes);
  auto decoded = protocol::decode_client(bytes);
  if (decoded)
    return dispatch(*decoded);
  on_malformed(decoded.error().code, decoded.error().text());
  return true;
}

bool connection_state::dispatch(const message& what) {
  switch (what.op) {
    case operation::event:
    case operation::ask:
      on_event(what);
      return true;
    case operation::reply:
      on_answer(what.ask_id, errc::ok, {}, {what.payload, what.content});
      return true;
    case operation::error:
      on_answer(what.ask_id, what.code, what.text, {});
      return true;
    case operation::join:
      on_join(what);
      return true;
    case operation::leave:
      on_leave(what);
      return true;
    case operation::publish:
      return on_publish(what);
    case operation::clock:
      tell_plain({.op = operation::clock,
                  .client_time = what.client_time,
                  .server_time = microseconds_since_epoch()});
      return true;
    case operation::received:
      on_received(what.count);
      return true;
    default:
      return true; // decode_client lets nothing else through
  }
}

std::optional<std::string_view>
connection_state::text_of(const protocol::event_name& name) const {
  if (!name.is_number())
    return name.text;
  auto& names = endpoint_.rules->event_names();
  return name.number < names.size() ? std::optional<std::string_view>{names[name.number]}
                                    : std::nullopt;
}


void connection_state::on_event(const message& what, std::string_view room) {
  auto event = text_of(what.name);
  if (!event)
    return report(what.ask_id, errc::unknown_event, no_such_event(what.name));
  auto is_ask = what.op == operation::ask;
  message_info about{.event = *event, .room = room, .is_binary = true, .wants_reply = is_ask};
  auto outcome = run_handler(own_, about, {what.payload, what.content});
  if (outcome.code != errc::ok)
    return report(what.ask_id, outcome.code, outcome.text);
  if (!is_ask)
    return;
  auto reply = std::move(outcome.reply).value_or(payload{});
  tell({.op = operation::reply,
        .content = reply.kind,
        .ask_id = what.ask_id,
        .payload = reply.bytes});
}

void connection_state::on_join(const message& what) {
  if (!own_.rules().clients_may_join)
    return report(what.ask_id, errc::refused, "clients of this endpoint join no rooms themselves");
  auto limit = shared_.settings.rooms_per_connection;
  auto pending = extras_ ? extras_->joins.size() : 0;
  auto is_in = find_membership(own_.entry().index, what.text) != nullptr;
  if (!is_in && memberships_.size() + pending >= limit)
    return report(what.ask_id, errc::too_many_rooms,
                  "a connection may be in " + std::to_string(limit) + " rooms");
  auto outcome = try_to([&] {
    if (own_.rules().join && !is_in)
      own_.rules().join(own_, what.text, {});
  });
  if (outcome.code != errc::ok)
    return report(what.ask_id, errc::room_refused, outcome.text);
  request_join(own_, what.text, what.ask_id,
               {.bytes = {what.payload.begin(), what.payload.end()}, .kind = what.content});
}

void connection_state::on_leave(const message& what) {
  auto* found = find_membership(static_cast<room_number>(what.room));
  if (found == nullptr)
    return report(what.ask_id, errc::not_a_member,
                  "you are not in room number " + std::to_string(what.room));
  auto room = found->first;
  auto outcome = try_to([&] {
    if (own_.rules().leave)
      own_.rules().leave(own_, room->name, {});
  });
  if (outcome.code != errc::ok)
    return report(what.ask_id, outcome.code, outcome.text);
  caf::anon_send(room->actor, leave_room{id_, what.ask_id});
}

bool connection_state::on_publish(const message& what) {
  auto* found = find_membership(static_cast<room_number>(what.room));
  if (found == nullptr) {
    report(0, errc::not_a_member, "you are not in room number " + std::to_string(what.room));
    return true;
  }
  auto event = text_of(what.name);
  if (!event) {
    report(0, errc::unknown_event, no_such_event(what.name));
    return true;
  }
  auto& room = found->first;
  if (!room->rules->takes(*event) && own_.rules().find_handler(*event) != nullptr) {
    auto kept = room; // the handler may leave it
    on_event(what, kept->name);
    return true;
  }
  auto number = what.name.is_number() ? std::optional<std::size_t>{what.name.number}
                                      : own_.rules().find_event(*event);
  return forward(room, {.sender = id_,
                        .name = {.number = number.value_or(0),
                                 .text = number ? std::string{} : std::string{*event}},
                        .content = {.bytes = {what.payload.begin(), what.payload.end()},
                                    .kind = what.content},
                        .how = what.how});
}

} // namespace troupe::actors
