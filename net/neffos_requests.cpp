#include "net/neffos_runner.hpp"

// Connecting namespaces and joining rooms, as the application wishes it, and what undoes it.

namespace troupe::net {

using protocol::neffos_event;
namespace neffos_error = protocol::neffos_error;

namespace {

constexpr cause own_wish{.is_local = true, .is_forced = false};
constexpr cause own_wish_forced{.is_local = true, .is_forced = true};

ask_error refusal_of(const handler_outcome& outcome) {
  return {.code = outcome.code, .text = outcome.text};
}

ask_error no_namespace() {
  return {.code = errc::closed, .text = std::string{neffos_error::bad_namespace}};
}

bool is_refused(const neffos_space::outcome& answer) {
  return !answer && answer.error().code == errc::refused;
}

} // namespace

/// Asks for a change of state; `run` gets the outcome on the link's thread, now or later.
void neffos_runner::request(neffos_event kind, const neffos_space& in, std::string_view room,
                            const done& run) {
  waiter wait = [run](const result<payload_view, ask_error>& answer) {
    if (answer)
      run(std::monostate{});
    else
      run(answer.error());
  };
  const view what{.space = in.name(), .room = room, .event = to_string(kind)};
  if (const auto verdict = question(what, {}, wait); verdict != errc::ok)
    fail({wait}, verdict, to_string(verdict));
}

// -- namespaces -----------------------------------------------------------------

void neffos_runner::connect(neffos_space& in, done run) {
  link_.post([this, &in, run = std::move(run)] { begin_connect(in, run); });
}

void neffos_runner::begin_connect(neffos_space& in, const done& run) {
  if (!is_acknowledged_)
    return finish(run, ask_error{.code = errc::closed, .text = "There is no connection."});
  if (members_.is_connected(in.name()))
    return finish(run, std::monostate{});
  const auto outcome = tell(in.connecting, in, own_wish);
  if (outcome.code != errc::ok)
    return finish(run, refusal_of(outcome));
  request(neffos_event::namespace_connect, in, {},
          [this, &in, run](const neffos_space::outcome& answer) {
            if (answer)
              enter(in, own_wish);
            else if (is_refused(answer))
              members_.forget(in.name());
            finish(run, answer);
          });
}

void neffos_runner::disconnect(neffos_space& in, done run) {
  link_.post([this, &in, run = std::move(run)] { begin_disconnect(in, run); });
}

void neffos_runner::begin_disconnect(neffos_space& in, const done& run) {
  members_.forget(in.name());
  if (!members_.is_connected(in.name()))
    return finish(run, std::monostate{});
  request(neffos_event::namespace_disconnect, in, {},
          [this, &in, run](const neffos_space::outcome& answer) {
            if (answer && members_.is_connected(in.name())) {
              exit_rooms(in, own_wish_forced);
              members_.disconnect(in.name());
              tell(in.disconnected, in, own_wish);
            }
            finish(run, answer);
          });
}

void neffos_runner::enter(neffos_space& in, cause why) {
  if (members_.connect(in.name()))
    tell(in.connected, in, why);
}

// -- rooms ----------------------------------------------------------------------

void neffos_runner::join(neffos_space& in, std::string_view room, done run) {
  link_.post(
      [this, &in, name = std::string{room}, run = std::move(run)] { begin_join(in, name, run); });
}

/// Unlike in neffos itself the hook is called before the server is asked, so that both sides agree
/// whatever it says.
void neffos_runner::begin_join(neffos_space& in, const std::string& room, const done& run) {
  if (!members_.is_connected(in.name()))
    return finish(run, no_namespace());
  if (members_.is_member(in.name(), room))
    return finish(run, std::monostate{});
  const auto outcome = tell(in.joining, in, room, own_wish);
  if (outcome.code != errc::ok)
    return finish(run, refusal_of(outcome));
  request(neffos_event::room_join, in, room,
          [this, &in, room, run](const neffos_space::outcome& answer) {
            if (answer)
              enter(in, room, own_wish);
            else if (is_refused(answer))
              members_.forget(in.name(), room);
            finish(run, answer);
          });
}

void neffos_runner::leave(neffos_space& in, std::string_view room, done run) {
  link_.post(
      [this, &in, name = std::string{room}, run = std::move(run)] { begin_leave(in, name, run); });
}

void neffos_runner::begin_leave(neffos_space& in, const std::string& room, const done& run) {
  members_.forget(in.name(), room);
  if (!members_.is_member(in.name(), room))
    return finish(
        run, ask_error{.code = errc::not_a_member, .text = std::string{neffos_error::bad_room}});
  request(neffos_event::room_leave, in, room,
          [this, &in, room, run](const neffos_space::outcome& answer) {
            if (answer && members_.is_member(in.name(), room))
              exit(in, room, own_wish);
            finish(run, answer);
          });
}

void neffos_runner::enter(neffos_space& in, const std::string& room, cause why) {
  if (members_.join(in.name(), room))
    tell(in.joined, in, room, why);
}

void neffos_runner::exit(neffos_space& in, const std::string& room, cause why) {
  tell(in.leaving, in, room, why);
  members_.leave(in.name(), room);
  tell(in.left, in, room, why);
}

void neffos_runner::exit_rooms(neffos_space& in, cause why) {
  for (const auto& room : members_.rooms(in.name()))
    exit(in, room, why);
}

/// The hooks of a namespace that went with the connection.
void neffos_runner::tell_gone(neffos_space& in, const neffos_membership::name_set& rooms) {
  for (const auto& room : rooms) {
    tell(in.leaving, in, room, own_wish_forced);
    tell(in.left, in, room, own_wish_forced);
  }
  tell(in.disconnected, in, own_wish_forced);
}

} // namespace troupe::net
