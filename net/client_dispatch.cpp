#include "net/client_dispatch.hpp"

#include <exception>

namespace troupe::net {

using protocol::operation;

namespace {

std::shared_ptr<room_listener> find_listener(const client_handlers& all, std::string_view room) {
  const auto at = all.listeners.find(room);
  return at == all.listeners.end() ? nullptr : at->second.lock();
}

} // namespace

/// Calls a handler, if there is one.
/// @returns false when it threw, which has then been reported.
template <class Handler, class... Args>
bool client_dispatch::tell(const Handler& handler, const Args&... args) {
  if (!handler)
    return true;
  try {
    handler(args...);
    return true;
  } catch (const std::exception& failure) {
    tell_error(errc::handler_failed, failure.what());
  } catch (...) {
    tell_error(errc::handler_failed, "A handler threw something that is no std::exception.");
  }
  return false;
}

void client_dispatch::receive(const protocol::message& from, microseconds now) {
  switch (from.op) {
  case operation::event:
  case operation::ask:
    return handle_event(from);
  case operation::room_event:
    return handle_room_event(from);
  case operation::reply:
    return complete(from,
                    {errc::ok, {}, {{from.payload.begin(), from.payload.end()}, from.content}});
  case operation::error:
    return complete(from, {from.code, std::string{from.text}, {}});
  case operation::joined:
    handle_change(state_.joined(from));
    return complete(from, {});
  case operation::left:
    handle_change(state_.left(from));
    return complete(from, {});
  case operation::presence:
    return handle_change(state_.presence(from));
  case operation::restarted:
    return handle_change(state_.restarted(from));
  case operation::clock:
    return state_.clock(from, now);
  case operation::received:
    return state_.confirmed(from.count);
  default:
    return tell_error(errc::unknown_operation, "The server sent an operation of clients.");
  }
}

void client_dispatch::handle_event(const protocol::message& from) {
  const auto name = state_.event_name(from.name);
  const incoming event{.event = name,
                       .content = {from.payload, from.content},
                       .is_ask = from.op == operation::ask,
                       .cls = from.how.cls,
                       .room = {},
                       .sender = 0};
  const auto handlers = handlers_.current();
  tell(handlers->on_any, event);
  const auto at = handlers->events.find(name);
  if (at == handlers->events.end()) {
    if (event.is_ask)
      state_.fail(from.ask_id, errc::unknown_event, "The client has no handler for " + name + ".");
    return;
  }
  const auto answer = call(at->second, event);
  if (event.is_ask)
    state_.answer(from.ask_id, answer);
  else if (!answer)
    tell_error(answer.code, answer.text);
}

void client_dispatch::handle_room_event(const protocol::message& from) {
  const auto name = state_.event_name(from.name);
  const auto room = state_.room_name(from.room);
  if (room.empty())
    return; // sent before the server knew that we left
  const incoming event{.event = name,
                       .content = {from.payload, from.content},
                       .is_ask = false,
                       .cls = from.how.cls,
                       .room = room,
                       .sender = from.sender};
  const auto handlers = handlers_.current();
  tell(handlers->on_any, event);
  tell_listener(find_listener(*handlers, room), [&](auto& listener) { listener.heard(event); });
  const auto at = handlers->room_events.find(name);
  if (at == handlers->room_events.end())
    return;
  if (const auto answer = call(at->second, event); !answer)
    tell_error(answer.code, answer.text);
}

reply client_dispatch::call(const client_handlers::event_handler& handler, const incoming& event) {
  reply answer{errc::handler_failed, "The handler of the client failed.", {}};
  const auto run = [&answer, &handler](const incoming& from) { answer = handler(from); };
  tell(std::function<void(const incoming&)>{run}, event);
  return answer;
}

void client_dispatch::handle_change(const std::optional<room_change>& change) {
  if (!change)
    return;
  const auto handlers = handlers_.current();
  if (change->what == room_change::kind::left)
    tell_listener(find_listener(*handlers, change->room),
                  [&](auto& listener) { listener.left(change->why); });
  tell(handlers->on_room_change, *change);
}

template <class Call>
void client_dispatch::tell_listener(const std::shared_ptr<room_listener>& who, Call call) {
  if (who)
    tell(std::function<void()>{[&] { call(*who); }});
}

void client_dispatch::lose(errc code, std::string_view text, bool comes_again) {
  fail(state_.lost(), code, text);
  const auto handlers = handlers_.current();
  for (const auto& [room, listener] : handlers->listeners)
    tell_listener(listener.lock(), [&](room_listener& who) {
      if (comes_again && state_.rejoins())
        who.lost();
      else
        who.left(room_change::reason::connection_lost);
    });
}

void client_dispatch::tell_rejoined(std::string_view room, const reply& answer) {
  if (answer.code == errc::connection_lost || answer.code == errc::closed)
    return; // no answer of the server's: `lose` tells
  if (!answer)
    tell_error(answer.code, answer.text);
  tell_listener(find_listener(*handlers_.current(), room), [&](room_listener& who) {
    if (answer)
      who.joined();
    else
      who.left(room_change::reason::refused);
  });
}

void client_dispatch::complete(const protocol::message& from, reply answer) {
  const auto waiter =
      from.ask_id == 0 ? std::nullopt : state_.take_waiter(from.ask_id, answer.code);
  if (waiter && *waiter)
    tell(*waiter, answer);
  else if (!answer)
    tell_error(answer.code, answer.text); // unsolicited, late, or of a join after a reconnect
}

void client_dispatch::fail(std::vector<client_state::waiter> waiters, errc code,
                           std::string_view text) {
  for (const auto& waiter : waiters)
    tell(waiter, reply{code, std::string{text}, {}});
}

void client_dispatch::tell_open(const server_info& info) {
  tell(handlers_.current()->on_open, info);
}

void client_dispatch::tell_resume(const server_info& info) {
  tell(handlers_.current()->on_resume, info);
}

void client_dispatch::tell_close(const client_status& status,
                                 std::optional<std::chrono::milliseconds> retry) {
  tell(handlers_.current()->on_close, status, retry);
}

void client_dispatch::tell_error(errc code, std::string_view text) {
  const auto handlers = handlers_.current();
  if (!handlers->on_error)
    return;
  try {
    handlers->on_error(code, text);
  } catch (
      ...) { // NOLINT(bugprone-empty-catch): the last resort has failed; nobody is left to tell
  }
}

} // namespace troupe::net
