#include "actors/connection_extras.hpp"
#include "actors/neffos_session.hpp"
#include "actors/outgoing.hpp"
#include "actors/pinned_actor.hpp"

#include "protocol/ws_writer.hpp"

#include <caf/send.hpp>

#include <utility>

#include "troupe/payload_sink.hpp"

// The sending half of connection_state: greeting, events, asks, errors.

namespace troupe::actors {

using protocol::operation;

namespace {

std::uint64_t milliseconds_since_epoch() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

void pack_limit(payload_packer& to, std::string_view name, std::size_t value) {
  to.pack(name);
  to.pack(value);
}

/// What a hello says about the session.
struct session_news {
  protocol::session_outcome outcome = protocol::session_outcome::none;
  std::string_view token{};
  std::uint64_t received = 0;
};

void pack_session(payload_packer& to, const session_news& news, const resume_rules& rules) {
  to.pack("session");
  to.pack_map(5);
  to.pack("outcome");
  to.pack(protocol::to_string(news.outcome));
  to.pack("token");
  to.pack(news.token);
  pack_limit(to, "received", news.received);
  pack_limit(to, "grace_ms", static_cast<std::size_t>(rules.grace.count()));
  pack_limit(to, "ring_bytes", rules.ring_bytes);
}

/// The payload of a hello: the events by number, the limits a well-behaved client keeps.
std::vector<std::byte> hello_content(const endpoint_entry& endpoint, std::size_t max_rooms,
                                     const session_news& news) {
  payload_sink sink;
  payload_packer packer{sink};
  packer.pack_array(3);
  auto& names = endpoint.rules->event_names();
  packer.pack_array(static_cast<std::uint32_t>(names.size()));
  for (auto& name : names)
    packer.pack(name);
  auto& limits = endpoint.options.limits;
  packer.pack_map(6);
  pack_limit(packer, "message_bytes", limits.message_bytes);
  pack_limit(packer, "messages_per_s", limits.messages_per_s);
  pack_limit(packer, "burst", limits.burst);
  pack_limit(packer, "bytes_per_s", limits.bytes_per_s);
  pack_limit(packer, "ping_ms", static_cast<std::size_t>(limits.ping_interval.count()));
  pack_limit(packer, "rooms", max_rooms);
  const bool is_session = news.outcome != protocol::session_outcome::none;
  packer.pack_map(is_session ? 1 : 0);
  if (is_session)
    pack_session(packer, news, *endpoint.rules->sessions);
  return sink.take();
}

} // namespace

protocol::frame_ptr connection_state::make_hello() {
  session_news news;
  std::string token;
  if (auto* own = own_session()) {
    token = std::exchange(own->token, {}); // from here on only its hash is kept
    news = {own->outcome, token, own->received};
  }
  auto content = hello_content(endpoint_, shared_.settings.rooms_per_connection, news);
  return protocol::encode({.speaks = encoding_.speaks},
                          {.op = operation::hello,
                           .version = protocol::native_version,
                           .connection = id_,
                           .server_time = milliseconds_since_epoch(),
                           .payload = content});
}

verdict connection_state::tell(const message& what, const delivery& how) {
  auto frame = protocol::encode(encoding_, what);
  return frame ? socket_.send(frame, how) : verdict::dropped;
}

verdict connection_state::tell_plain(const message& what) {
  return socket_.send(protocol::encode({.speaks = encoding_.speaks}, what));
}

void connection_state::report(std::uint64_t ask_id, errc code, std::string_view text) {
  tell({.op = operation::error, .code = code, .ask_id = ask_id, .text = text});
}

verdict connection_state::send_here(scoped_connection& in, std::string_view event, payload content,
                                    const delivery& how) {
  if (!in.is_connected())
    return verdict::dropped;
  outgoing_event sent{.sender = 0,
                      .name = make_event_ref(in.rules(), event),
                      .content = std::move(content),
                      .how = how};
  auto keyed = how;
  if (keyed.cls == delivery_class::latest)
    keyed.key = latest_key(0, sent);
  return tell(to_event_message(sent, in.entry()), keyed);
}

verdict connection_state::send_whole(protocol::opcode type, byte_view bytes) {
  if (!is_decided_ || (neffos_ && find_scope("") == nullptr))
    return verdict::dropped; // it would be taken for something else
  auto is_binary = encoding_.speaks == protocol::wire::iris && endpoint_.rules->iris_is_binary;
  return socket_.send(is_binary ? protocol::opcode::binary : type, bytes);
}

void connection_state::send_event(scoped_connection& in, const audience& to, std::string_view event,
                                  payload content, const delivery& how) {
  auto& entry = in.entry();
  if (to.who != audience::kind::room)
    return shared_.send_event(entry, id_, to, event, std::move(content), how);
  auto sent = std::make_shared<outgoing_event>();
  sent->sender = id_;
  sent->name = make_event_ref(in.rules(), event);
  sent->content = std::move(content);
  sent->how = how;
  broadcast what{
    .event = std::move(sent), .except = to.except, .only = to.id, .except_client = to.client};
  if (auto* found = find_membership(entry.index, to.room))
    return caf::anon_send(found->first->actor, std::move(what));
  if (auto* pending = find_pending_join(entry.index, to.room))
    return pending->held.push_back(std::move(what));
  caf::anon_send(shared_.directory, find_and_emit{.space = entry.index,
                                                  .room = to.room,
                                                  .event = std::move(what.event),
                                                  .except = to.except,
                                                  .only = to.id,
                                                  .except_client = to.client});
}

// -- asks ---------------------------------------------------------------------

std::uint64_t connection_state::expect_answer(std::chrono::milliseconds timeout, ask_answer done) {
  auto& all = more();
  auto number = ++all.last_ask;
  auto timer = after(timeout, [this, number] {
    answer(number, ask_error{.code = errc::timed_out,
                             .text = std::string{to_string(errc::timed_out)}});
  });
  all.asks.emplace(number, extras::pending_ask{.done = std::move(done), .timeout = timer});
  return number;
}

void connection_state::send_ask(scoped_connection& in, std::string_view event, payload content,
                                std::chrono::milliseconds timeout, ask_answer done) {
  auto number = expect_answer(timeout, std::move(done));
  auto sent = verdict::dropped;
  if (neffos_)
    sent = neffos_->ask(in, event, content, number);
  else if (encoding_.speaks == protocol::wire::native)
    sent = tell({.op = operation::ask,
                 .content = content.kind,
                 .ask_id = number,
                 .name = make_event_ref(in.rules(), event).on_wire(),
                 .payload = content.bytes});
  if (sent != verdict::queued)
    answer(number, ask_error{.code = errc::closed, .text = std::string{to_string(errc::closed)}});
}

void connection_state::answer(std::uint64_t ask_id, result<payload_view, ask_error> with) {
  if (!extras_)
    return;
  auto found = extras_->asks.find(ask_id);
  if (found == extras_->asks.end())
    return; // too late, or never asked
  auto ask = std::move(found->second);
  extras_->asks.erase(found);
  extras_->timers.cancel(ask.timeout);
  ask.done(std::move(with));
}

} // namespace troupe::actors
