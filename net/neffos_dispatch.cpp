#include "net/neffos_runner.hpp"
#include "protocol/text_body.hpp"

// What a neffos client does with the messages of its server.

namespace troupe::net {

using protocol::neffos_event;
using protocol::opcode;
namespace neffos_error = protocol::neffos_error;

namespace {

constexpr cause servers_wish{.is_local = false, .is_forced = false};
constexpr cause servers_wish_forced{.is_local = false, .is_forced = true};

content_kind kind_of(const protocol::neffos_view& what) noexcept {
  return what.type == opcode::text ? content_kind::text : content_kind::raw;
}

} // namespace

/// Native messages are understood where the namespace without a name handles them.
neffos_reading neffos_runner::reading() const {
  const auto* in = find_space("");
  const bool has_natives =
      in != nullptr && in->handlers.count(to_string(neffos_event::native_message)) != 0;
  return {.natives = has_natives ? neffos_natives::mixed : neffos_natives::refused,
          .origin = neffos_origin::client};
}

void neffos_runner::dispatch(byte_view message, opcode type) {
  auto decoded = protocol::decode_neffos(type, message, unescaped_, reading());
  if (!decoded)
    return tell_error(decoded.error().code, decoded.error().text());
  auto& what = *decoded;
  if (what.is_native)
    what.event = to_string(neffos_event::native_message);
  if (on_answer(what))
    return;
  const auto kind = protocol::to_neffos_event(what.event);
  if (protocol::is_request(kind))
    return on_request(kind, what);
  if (protocol::is_spoofed(kind))
    return tell_error(errc::protocol_error, "The server sent what is told to applications only.");
  auto* in = members_.is_connected(what.space) ? find_space(what.space) : nullptr;
  if (in != nullptr)
    on_event(*in, what);
  else if (!what.wait.empty() && !what.is_error)
    refuse(what, neffos_error::bad_namespace);
}

/// @returns whether the message is an answer, or a late one, which nobody wants any more.
bool neffos_runner::on_answer(view& what) {
  if (!protocol::is_client_wait(what.wait) && !protocol::is_confirmation(what.wait))
    return false;
  const auto run = take_waiter(what.wait);
  if (!run) {
    if (is_own_wait(what.wait))
      return true;
    what.wait = {}; // some other client's, passed on with an event
    return false;
  }
  if (what.is_error)
    fail({*run}, errc::refused, as_text(what.body));
  else
    tell(*run, payload_view{what.body, kind_of(what)});
  return true;
}

// -- requests -------------------------------------------------------------------

void neffos_runner::on_request(neffos_event kind, const view& what) {
  if (what.wait.empty() || what.is_noop || what.is_error)
    return;
  if (kind == neffos_event::namespace_connect)
    return on_connect(what);
  auto* in = members_.is_connected(what.space) ? find_space(what.space) : nullptr;
  if (kind == neffos_event::namespace_disconnect)
    return on_disconnect(in, what);
  if (in == nullptr)
    return refuse(what, neffos_error::bad_namespace);
  if (kind == neffos_event::room_join)
    return on_join(*in, what);
  on_leave(*in, what);
}

void neffos_runner::on_connect(const view& what) {
  auto* in = find_space(what.space);
  if (in == nullptr)
    return refuse(what, neffos_error::bad_namespace);
  if (members_.is_connected(what.space))
    return confirm(what.wait);
  const auto outcome = tell(in->connecting, *in, servers_wish);
  if (outcome.code != errc::ok)
    return refuse(what, outcome.text);
  members_.connect(what.space);
  confirm(what.wait);
  tell(in->connected, *in, servers_wish);
}

void neffos_runner::on_disconnect(neffos_space* in, const view& what) {
  if (in == nullptr)
    return confirm(what.wait);
  exit_rooms(*in, servers_wish_forced);
  members_.disconnect(in->name());
  confirm(what.wait);
  tell(in->disconnected, *in, servers_wish);
}

void neffos_runner::on_join(neffos_space& in, const view& what) {
  const std::string room{what.room};
  if (members_.is_member(in.name(), room))
    return confirm(what.wait);
  const auto outcome = tell(in.joining, in, room, servers_wish);
  if (outcome.code != errc::ok)
    return refuse(what, outcome.text);
  enter(in, room, servers_wish);
  confirm(what.wait);
}

void neffos_runner::on_leave(neffos_space& in, const view& what) {
  const std::string room{what.room};
  if (members_.is_member(in.name(), room))
    exit(in, room, servers_wish);
  confirm(what.wait);
}

// -- events ---------------------------------------------------------------------

void neffos_runner::on_event(neffos_space& in, const view& what) {
  if (what.is_error) { // never answered: two sides could answer each other for ever
    tell(in.error, what.event, as_text(what.body));
    return;
  }
  auto handler = in.handlers.find(what.event);
  const auto& run = handler != in.handlers.end() ? handler->second : in.any;
  if (run) {
    neffos_incoming from{.space = in,
                         .event = what.event,
                         .room = what.room,
                         .content = {what.body, kind_of(what)},
                         .wants_reply = !what.wait.empty()};
    answer(what, tell(run, from));
  } else if (!what.wait.empty()) {
    refuse(what, to_string(errc::unknown_event));
  }
}

void neffos_runner::answer(const view& what, const handler_outcome& outcome) {
  const bool is_allowed = members_.is_connected(what.space)
                          && (what.room.empty() || members_.is_member(what.space, what.room));
  if (!is_allowed)
    return; // the handler has left the place where the answer would go
  if (outcome.code == errc::handler_failed)
    return refuse(what, to_string(outcome.code)); // what it threw is for this side only
  if (outcome.code != errc::ok)
    return refuse(what, outcome.text);
  if (!outcome.reply)
    return;
  const auto body = protocol::to_text_body(*outcome.reply);
  auto reply = protocol::make_reply(what, body.bytes());
  if (body.is_binary())
    reply.type = opcode::binary;
  say(reply);
}

} // namespace troupe::net
