#include "actors/connection_extras.hpp"
#include "actors/outgoing.hpp"
#include "actors/pinned_actor.hpp"

#include "troupe/refused.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

// The receiving half of connection_state: messages of the client, by protocol.

namespace troupe::actors {

using protocol::operation;

namespace {

constexpr std::size_t max_malformed = 16;
constexpr std::chrono::seconds malformed_period{10};

std::uint64_t microseconds_since_epoch() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

} // namespace

void connection_state::on_exception(std::uint64_t ask_id) noexcept {
  try {
    throw;
  } catch (const refused& no) {
    return report(ask_id, errc::refused, no.what());
  } catch (const std::exception& error) {
    spdlog::error("a handler of {} failed for connection {}: {}", endpoint_.rules->path(), id_,
                  error.what());
  } catch (...) {
    spdlog::error("a handler of {} failed for connection {}", endpoint_.rules->path(), id_);
  }
  report(ask_id, errc::handler_failed, to_string(errc::handler_failed));
}

bool connection_state::on_message(protocol::opcode type, std::span<std::byte> bytes) noexcept {
  auto go_on = true;
  guard(0, [&] {
    go_on = encoding_.speaks == protocol::wire::raw ? on_raw(type, bytes) : on_native(type, bytes);
  });
  return go_on;
}

bool connection_state::on_raw(protocol::opcode type, byte_view bytes) {
  auto is_text = type == protocol::opcode::text;
  if (endpoint_.rules->message) {
    endpoint_.rules->message(*this, bytes, is_text);
    return true;
  }
  auto kind = is_text ? content_kind::text : content_kind::raw;
  auto make_event = [&] {
    return outgoing_event{.sender = id_,
                          .name = {.number = 0, .text = "message"},
                          .content = {.bytes = {bytes.begin(), bytes.end()}, .kind = kind},
                          .how = {}};
  };
  auto go_on = true;
  for (auto& [room, index] : memberships_)
    go_on = forward(room, make_event()) && go_on;
  if (!extras_ || extras_->joins.empty())
    return go_on;
  // One that is still on its way in says this as soon as it is there, and nothing more until then.
  for (auto& pending : extras_->joins)
    pending.messages.push_back(make_event());
  return false;
}

bool connection_state::on_native(protocol::opcode type, byte_view bytes) {
  if (type == protocol::opcode::text) {
    on_malformed(errc::malformed_message, "troupe.v1 messages are binary, this one is text");
    return true;
  }
  auto decoded = protocol::decode_client(bytes);
  if (decoded)
    return dispatch(*decoded);
  on_malformed(decoded.error().code, decoded.error().text());
  return true;
}

void connection_state::on_malformed(errc code, std::string_view text) {
  report(0, code, text);
  auto& all = more();
  auto now = self_.home().reactor().now();
  if (now - all.malformed_since > malformed_period) {
    all.malformed_since = now;
    all.malformed = 0;
  }
  if (++all.malformed >= max_malformed)
    socket_.close(errc::policy_violation);
}

bool connection_state::dispatch(const message& what) {
  switch (what.op) {
    case operation::event:
    case operation::ask:
      on_event(what);
      return true;
    case operation::reply:
    case operation::error:
      on_answer(what);
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
      tell({.op = operation::clock,
            .client_time = what.client_time,
            .server_time = microseconds_since_epoch()});
      return true;
    default:
      return true; // decode_client lets nothing else through
  }
}

std::optional<std::size_t> connection_state::number_of(const protocol::event_name& name) const {
  if (!name.is_number())
    return endpoint_.rules->find_event(name.text);
  if (name.number < endpoint_.rules->event_names().size())
    return name.number;
  return std::nullopt;
}

std::string connection_state::name_of(const protocol::event_name& name) const {
  return name.is_number() ? "number " + std::to_string(name.number)
                          : "\"" + std::string{name.text} + "\"";
}

void connection_state::on_event(const message& what) {
  auto number = number_of(what.name);
  auto* handler = number ? endpoint_.rules->find_handler(*number) : nullptr;
  if (handler == nullptr)
    return report(what.ask_id, errc::unknown_event,
                  "there is no handler for the event " + name_of(what.name));
  guard(what.ask_id, [&] {
    auto outcome = (*handler)(*this, {what.payload, what.content});
    if (outcome.code != errc::ok)
      return report(what.ask_id, outcome.code, outcome.text);
    if (what.op == operation::ask)
      tell({.op = operation::reply,
            .content = outcome.reply->kind,
            .ask_id = what.ask_id,
            .payload = outcome.reply->bytes});
  });
}

void connection_state::on_answer(const message& what) {
  if (what.op == operation::reply)
    return answer(what.ask_id, payload_view{what.payload, what.content});
  if (what.ask_id != 0)
    answer(what.ask_id, ask_error{.code = what.code, .text = std::string{what.text}});
}

void connection_state::on_join(const message& what) {
  if (!endpoint_.rules->clients_may_join)
    return report(what.ask_id, errc::refused, "clients of this endpoint join no rooms themselves");
  auto limit = shared_.settings.rooms_per_connection;
  auto pending = extras_ ? extras_->joins.size() : 0;
  if (!is_member(what.text) && memberships_.size() + pending >= limit)
    return report(what.ask_id, errc::too_many_rooms,
                  "a connection may be in " + std::to_string(limit) + " rooms");
  request_join(what.text, what.ask_id,
               {.bytes = {what.payload.begin(), what.payload.end()}, .kind = what.content});
}

void connection_state::on_leave(const message& what) {
  auto* found = find_membership(static_cast<room_number>(what.room));
  if (found == nullptr)
    return report(what.ask_id, errc::not_a_member,
                  "you are not in room number " + std::to_string(what.room));
  caf::anon_send(found->first->actor, leave_room{id_, what.ask_id});
}

bool connection_state::on_publish(const message& what) {
  auto* found = find_membership(static_cast<room_number>(what.room));
  if (found == nullptr) {
    report(0, errc::not_a_member, "you are not in room number " + std::to_string(what.room));
    return true;
  }
  auto number = number_of(what.name);
  if (!number && what.name.is_number()) {
    report(0, errc::unknown_event, "there is no event " + name_of(what.name));
    return true;
  }
  auto text = number ? std::string{} : std::string{what.name.text};
  return forward(found->first, {.sender = id_,
                                .name = {.number = number.value_or(0), .text = std::move(text)},
                                .content = {.bytes = {what.payload.begin(), what.payload.end()},
                                            .kind = what.content},
                                .how = what.how});
}

bool connection_state::forward(const room_ptr& room, outgoing_event event) {
  auto& own = gate();
  caf::anon_send(room->actor, room_input_ptr{
                                std::make_shared<const room_input>(std::move(event), own, room)});
  auto me = caf::actor_cast<caf::actor>(&self_);
  auto must_wait = (own->is_crowded() && own->wait(me))
                   || (room->gate.is_crowded() && room->gate.wait(me));
  return !must_wait;
}

} // namespace troupe::actors
