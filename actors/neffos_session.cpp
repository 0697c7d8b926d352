#include "actors/neffos_session.hpp"

#include "actors/connection_extras.hpp"
#include "actors/hub_actor.hpp"
#include "protocol/text_body.hpp"

#include <charconv>
#include <chrono>
#include <iterator>
#include <utility>

namespace troupe::actors {

using protocol::neffos_event;
namespace neffos_error = protocol::neffos_error;

namespace {

constexpr std::size_t max_held_messages = 256;
constexpr std::size_t max_held_bytes = 64 * 1024;

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
  std::uint64_t value = 0;
  auto read = std::from_chars(wait.data(), wait.data() + wait.size(), value);
  auto is_number = read.ec == std::errc{} && read.ptr == wait.data() + wait.size();
  return is_number && value > first_wait() ? value - first_wait() : 0;
}

neffos_reading reading_for(const endpoint_entry& endpoint) {
  auto has_natives = endpoint.spaces.find("") != endpoint.spaces.end();
  return {.natives = has_natives ? neffos_natives::mixed : neffos_natives::refused};
}

} // namespace

neffos_session::neffos_session(connection_state& owner)
  : owner_{owner}, reading_{reading_for(owner.endpoint_)} {
  deadline_ = owner_.after(owner.endpoint_.options.limits.handshake_timeout, [this] {
    owner_.socket_.close(errc::timed_out, protocol::close_code::policy_violation,
                         "no acknowledgement was asked for");
  });
}

void neffos_session::on_closed() {
  for (auto& each : std::exchange(connects_, {}))
    for (auto& done : each->done)
      owner_.guard(0, [&] {
        done(ask_error{.code = errc::connection_lost,
                       .text = std::string{to_string(errc::connection_lost)}});
      });
}

// -- the acknowledgement ------------------------------------------------------

bool neffos_session::on_message(protocol::opcode type, byte_view bytes) {
  if (is_deferring_)
    hold(early_, type, bytes);
  else if (is_acknowledged_)
    on_acknowledged(type, bytes);
  else if (!bytes.empty())
    on_early(type, bytes);
  return !is_waiting();
}

bool neffos_session::go_on() {
  is_crowded_ = false;
  while (!early_.empty() && !is_waiting() && !is_deferring_ && owner_.is_open()) {
    auto message = std::move(early_.front());
    early_.pop_front();
    held_bytes_ -= message.bytes.size();
    on_acknowledged(message.type, message.bytes);
  }
  return !is_waiting();
}

void neffos_session::on_early(protocol::opcode type, byte_view bytes) {
  if (protocol::is_neffos_opening(bytes))
    return acknowledge();
  auto first = std::to_integer<char>(bytes.front());
  if (first == 'A' || first == 'H') // what a server says
    owner_.socket_.close(errc::protocol_error, protocol::close_code::policy_violation,
                         "clients open with M");
  else
    hold(early_, type, bytes);
}

void neffos_session::hold(std::deque<early_message>& in, protocol::opcode type, byte_view bytes) {
  held_bytes_ += bytes.size();
  if (in.size() == max_held_messages || held_bytes_ > max_held_bytes)
    return owner_.socket_.close(errc::policy_violation, protocol::close_code::policy_violation,
                                "too many messages ahead of their time");
  in.push_back({type, {bytes.begin(), bytes.end()}});
}

void neffos_session::acknowledge() {
  owner_.cancel(deadline_);
  std::string refusal;
  if (!owner_.pass_open_hook(refusal)) {
    say(protocol::encode_ack_refusal(refusal));
    return owner_.socket_.close(errc::refused, protocol::close_code::policy_violation, refusal);
  }
  is_acknowledged_ = true;
  say(protocol::encode_ack(owner_.client_id()));
  std::vector<pending_connect*> wished;
  for (auto& each : connects_)
    wished.push_back(each.get());
  for (auto* each : wished)
    begin_connect(*each);
  go_on();
}

// -- messages -----------------------------------------------------------------

void neffos_session::on_acknowledged(protocol::opcode type, byte_view bytes) {
  auto decoded = protocol::decode_neffos(type, bytes, unescaped_, reading_);
  if (!decoded)
    return; // what is no message is dropped
  if (protocol::is_answer_wait(decoded->wait) && on_answer(*decoded))
    return;
  if (auto* under_way = find_connect(decoded->space))
    hold(under_way->held, type, bytes);
  else if (is_being_joined(*decoded))
    hold(said_in_rooms_, type, bytes);
  else if (must_defer(*decoded))
    defer(type, bytes);
  else
    dispatch(*decoded);
}

bool neffos_session::is_being_joined(const view& what) const noexcept {
  auto* in = what.room.empty() ? nullptr : owner_.find_scope(what.space);
  return in != nullptr && owner_.find_pending_join(in->entry().index, what.room) != nullptr;
}

void neffos_session::on_join_ended() {
  handle_next(std::exchange(said_in_rooms_, {}));
}

void neffos_session::handle_next(std::deque<early_message> held) {
  early_.insert(early_.begin(), std::make_move_iterator(held.begin()),
                std::make_move_iterator(held.end()));
}

void neffos_session::dispatch(const view& what) {
  auto kind = protocol::to_neffos_event(what.event);
  auto is_plea = kind == neffos_event::room_left && !what.wait.empty(); // neffos.js' leaveAll
  if (protocol::is_request(kind) || is_plea)
    return on_request(is_plea ? neffos_event::room_leave : kind, what);
  if (what.is_native || kind == neffos_event::native_message)
    return on_native(what);
  if (protocol::is_spoofed(kind))
    return what.wait.empty() ? void() : refuse(what, "only the server says that");
  auto* in = owner_.find_scope(what.space);
  if (in != nullptr)
    on_event(what, *in);
  else
    refuse(what, neffos_error::bad_namespace);
}

bool neffos_session::on_answer(const view& what) {
  auto number = number_of(what.wait);
  if (number == 0 || !owner_.extras_ || number > owner_.extras_->last_ask)
    return false; // a token of the client's own, without the usual mark
  auto kind = what.type == protocol::opcode::text ? content_kind::text : content_kind::raw;
  owner_.on_answer(number, what.is_error ? errc::refused : errc::ok, as_text(what.body),
                   {what.body, kind});
  return true; // even if it is too late
}

void neffos_session::on_native(const view& what) {
  if (auto* in = owner_.find_scope(what.space))
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
    is_crowded_ = !owner_.forward(
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
  if (outcome.code == errc::unknown_event && what.wait.empty())
    return; // nobody waits, and whoever has no handler says nothing
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
  if (!what.is_error) // an answered error could be answered by an error
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
  auto number = owner_.expect_answer(owner_.endpoint_.options.limits.pong_timeout, std::move(done));
  if (!owner_.is_open())
    return owner_.answer(number, ask_error{.code = errc::closed,
                                           .text = std::string{to_string(errc::closed)}});
  auto wait = protocol::make_wait(first_wait() + number);
  say(protocol::encode_neffos(
    {.wait = wait, .space = space, .room = room, .event = protocol::to_string(kind)}));
}

} // namespace troupe::actors
