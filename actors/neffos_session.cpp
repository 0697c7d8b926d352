#include "actors/neffos_session.hpp"

#include "actors/connection_extras.hpp"
#include "actors/hub_actor.hpp"
#include "protocol/text_body.hpp"

#include <chrono>
#include <utility>

namespace troupe::actors {

using protocol::neffos_event;
namespace neffos_error = protocol::neffos_error;

namespace {

constexpr std::chrono::seconds acknowledgement_timeout{10};
constexpr std::size_t max_early_messages = 64;
constexpr std::size_t max_early_bytes = 64 * 1024;

/// Tokens count on from here, so that none is ever used twice, not even after a restart.
std::uint64_t first_wait() {
  static const auto start = static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::system_clock::now().time_since_epoch())
      .count());
  return start;
}

/// The number of the question that a token of ours stands for; 0: none.
std::uint64_t number_of(std::string_view wait) {
  if (!protocol::is_own_wait(wait))
    return 0;
  auto value = std::stoull(std::string{wait});
  return value > first_wait() ? value - first_wait() : 0;
}

neffos_reading reading_for(const endpoint_entry& endpoint) {
  auto has_natives = endpoint.spaces.find("") != endpoint.spaces.end();
  return {.natives = has_natives ? neffos_natives::mixed : neffos_natives::refused};
}

} // namespace

neffos_session::neffos_session(connection_state& owner)
  : owner_{owner}, reading_{reading_for(owner.endpoint_)} {
  owner_.after(acknowledgement_timeout, [this] {
    if (!is_acknowledged_)
      owner_.socket_.close(errc::timed_out, protocol::close_code::policy_violation,
                           "no acknowledgement was asked for");
  });
}

// -- the acknowledgement ------------------------------------------------------

bool neffos_session::on_message(protocol::opcode type, byte_view bytes) {
  is_waiting_ = false;
  if (is_acknowledged_)
    on_acknowledged(type, bytes);
  else if (!bytes.empty())
    on_early(type, bytes);
  return !is_waiting_;
}

void neffos_session::on_early(protocol::opcode type, byte_view bytes) {
  if (protocol::is_neffos_opening(bytes))
    return acknowledge();
  auto first = std::to_integer<char>(bytes.front());
  early_bytes_ += bytes.size();
  if (first == 'A' || first == 'H') { // what a server says
    owner_.socket_.close(errc::protocol_error, protocol::close_code::policy_violation,
                         "clients open with M");
  } else if (early_.size() == max_early_messages || early_bytes_ > max_early_bytes) {
    owner_.socket_.close(errc::policy_violation, protocol::close_code::policy_violation,
                         "too much before the acknowledgement");
  } else {
    early_.push_back({type, {bytes.begin(), bytes.end()}});
  }
}

void neffos_session::acknowledge() {
  std::string refusal;
  if (!owner_.pass_open_hook(refusal)) {
    say(protocol::encode_ack_refusal(refusal));
    return owner_.socket_.close(errc::refused, protocol::close_code::policy_violation, refusal);
  }
  is_acknowledged_ = true;
  say(protocol::encode_ack(owner_.client_id()));
  for (auto& act : std::exchange(after_acknowledgement_, {}))
    act();
  for (auto& message : std::exchange(early_, {}))
    on_acknowledged(message.type, message.bytes);
}

// -- messages -----------------------------------------------------------------

void neffos_session::on_acknowledged(protocol::opcode type, byte_view bytes) {
  if (auto decoded = protocol::decode_neffos(type, bytes, unescaped_, reading_))
    dispatch(*decoded); // what is no message is dropped
}

void neffos_session::dispatch(const view& what) {
  if (protocol::is_answer_wait(what.wait) && on_answer(what))
    return;
  auto kind = protocol::to_neffos_event(what.event);
  auto is_plea = kind == neffos_event::room_left && !what.wait.empty(); // neffos.js' leaveAll
  if (protocol::is_request(kind) || is_plea)
    return on_request(is_plea ? neffos_event::room_leave : kind, what);
  if (what.is_native || kind == neffos_event::native_message)
    return on_native(what);
  if (protocol::is_spoofed(kind))
    return refuse(what, "only the server says that");
  auto* in = owner_.find_scope(what.space);
  if (in != nullptr)
    on_event(what, *in);
  else if (!what.is_error)
    refuse(what, neffos_error::bad_namespace);
}

bool neffos_session::on_answer(const view& what) {
  auto number = number_of(what.wait);
  if (number == 0 || !owner_.extras_ || owner_.extras_->asks.count(number) == 0)
    return protocol::is_confirmation(what.wait) || number != 0; // too late: dropped
  auto kind = what.type == protocol::opcode::text ? content_kind::text : content_kind::raw;
  owner_.on_answer(number, what.is_error ? errc::refused : errc::ok, as_text(what.body),
                   {what.body, kind});
  return true;
}

void neffos_session::on_native(const view& what) {
  auto* in = owner_.find_scope(what.is_native ? std::string_view{} : what.space);
  if (in != nullptr)
    owner_.on_whole_message(what.type, what.body, *in);
}

void neffos_session::on_event(const view& what, scoped_connection& in) {
  if (what.is_error) {
    if (in.rules().error)
      owner_.guard(0, [&] { in.rules().error(in, what.event, as_text(what.body)); });
    return;
  }
  auto* member = owner_.find_membership(in.entry().index, what.room);
  if (!what.room.empty() && member == nullptr)
    return refuse(what, neffos_error::bad_room);
  auto kind = what.type == protocol::opcode::text ? content_kind::text : content_kind::raw;
  if (member != nullptr && what.wait.empty() && member->first->rules->takes(what.event)) {
    auto number = in.rules().find_event(what.event);
    is_waiting_ = !owner_.forward(
      member->first, {.sender = owner_.id_,
                      .name = {.number = number.value_or(0),
                               .text = number ? std::string{} : std::string{what.event}},
                      .content = {.bytes = {what.body.begin(), what.body.end()}, .kind = kind}});
    return;
  }
  message_info about{.event = what.event,
                     .room = what.room,
                     .is_binary = what.type == protocol::opcode::binary,
                     .wants_reply = !what.wait.empty()};
  answer_event(what, owner_.run_handler(in, about, {what.body, kind}), in.entry().index);
}

void neffos_session::answer_event(const view& what, const handler_outcome& outcome,
                                  std::size_t space) {
  auto is_allowed
    = owner_.find_scope(space) != nullptr
      && (what.room.empty() || owner_.find_membership(space, what.room) != nullptr);
  if (!is_allowed)
    return; // the handler has taken the client out of where the answer would go
  if (outcome.code != errc::ok)
    return refuse(what, outcome.text);
  if (!outcome.reply)
    return;
  auto body = protocol::to_text_body(*outcome.reply);
  auto reply = protocol::make_reply(what, body.bytes());
  if (body.is_binary())
    reply.type = protocol::opcode::binary;
  say(protocol::encode_neffos(reply));
}

// -- saying it ----------------------------------------------------------------

void neffos_session::say(protocol::frame_ptr frame) {
  if (frame)
    owner_.socket_.send(frame);
}

void neffos_session::confirm(std::string_view wait) {
  say(protocol::encode_empty_reply(wait));
}

void neffos_session::refuse(const view& what, std::string_view text) {
  say(protocol::encode_neffos(protocol::make_error_reply(what, text)));
}

verdict neffos_session::ask(scoped_connection& in, std::string_view event, payload_view content,
                            std::uint64_t number) {
  if (!in.is_connected() || !owner_.is_open())
    return verdict::dropped;
  auto body = protocol::to_text_body(content);
  auto wait = protocol::make_wait(first_wait() + number);
  return owner_.socket_.send(protocol::encode_neffos(
    {.wait = wait,
     .space = in.space(),
     .event = event,
     .body = body.bytes(),
     .type = body.is_binary() ? protocol::opcode::binary : protocol::opcode::text}));
}

void neffos_session::request(neffos_event kind, std::string_view space, std::string_view room,
                             ask_answer done) {
  auto number = owner_.expect_answer(default_ask_timeout, std::move(done));
  auto wait = protocol::make_wait(first_wait() + number);
  say(protocol::encode_neffos(
    {.wait = wait, .space = space, .room = room, .event = protocol::to_string(kind)}));
}

} // namespace troupe::actors
