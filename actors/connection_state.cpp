#include "actors/connection_state.hpp"

#include "actors/connection_extras.hpp"
#include "actors/hub_actor.hpp"
#include "actors/outgoing.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <spdlog/spdlog.h>
#include <utility>

namespace troupe::actors {

using protocol::operation;

namespace {

/// Events of one connection that may be on their way to rooms before it stops reading.
constexpr std::uint32_t max_in_flight = 64;

net::ws_options& options_of(accepted_connection& from) {
  return from.endpoint->options;
}

protocol::encoding encoding_of(const accepted_connection& from) {
  auto is_native = from.endpoint->rules->protocol() == speaks::native;
  return {.speaks = is_native ? protocol::wire::native : protocol::wire::raw,
          .is_compressed = from.is_compressed};
}

} // namespace

connection_state::connection_state(pinned_actor& self, runtime& shared, connection_id id,
                                   accepted_connection from)
    : self_{self},
      shared_{shared},
      endpoint_{*from.endpoint},
      id_{id},
      request_{std::move(from.request)},
      identity_{from.identity.empty() ? nullptr
                                      : std::make_shared<const std::string>(from.identity)},
      encoding_{encoding_of(from)},
      ticket_{std::move(from.ticket)},
      socket_{self.home().reactor(), std::move(from.socket), *this, options_of(from)} {
  if (encoding_.is_compressed)
    socket_.allow_compression();
}

connection_state::~connection_state() = default;

void connection_state::start(std::span<std::byte> early) {
  self_.home().add_load(1);
  if (encoding_.speaks == protocol::wire::native)
    greet();
  if (endpoint_.rules->connect)
    guard(0, [this] { endpoint_.rules->connect(*this); });
  socket_.start(early);
}

connection_state::extras& connection_state::more() {
  if (!extras_)
    extras_ = std::make_unique<extras>(self_.home().reactor());
  return *extras_;
}

const std::shared_ptr<flow_gate>& connection_state::gate() {
  if (!gate_)
    gate_ = std::make_shared<flow_gate>(max_in_flight);
  return gate_;
}

// -- memberships --------------------------------------------------------------

connection_state::membership* connection_state::find_membership(room_number room) noexcept {
  auto found = std::find_if(memberships_.begin(), memberships_.end(),
                            [room](auto& each) { return each.first->number == room; });
  return found == memberships_.end() ? nullptr : &*found;
}

const connection_state::membership*
connection_state::find_membership(room_number room) const noexcept {
  return const_cast<connection_state*>(this)->find_membership(room);
}

const connection_state::membership*
connection_state::find_membership(std::string_view room) const noexcept {
  auto found = std::find_if(memberships_.begin(), memberships_.end(),
                            [room](auto& each) { return each.first->name == room; });
  return found == memberships_.end() ? nullptr : &*found;
}

void connection_state::on_joined(const room_ptr& room, std::uint32_t index) {
  memberships_.emplace_back(room, index);
  resolve_join(room->name, &room);
}

std::optional<std::uint32_t> connection_state::on_left(room_number room) noexcept {
  auto* found = find_membership(room);
  if (found == nullptr)
    return std::nullopt;
  auto index = found->second;
  memberships_.erase(memberships_.begin() + (found - memberships_.data()));
  return index;
}

void connection_state::move_membership(room_number room, std::uint32_t index) noexcept {
  if (auto* found = find_membership(room))
    found->second = index;
}

std::vector<connection_state::membership> connection_state::take_memberships() noexcept {
  return std::exchange(memberships_, {});
}

// -- the end ------------------------------------------------------------------

void connection_state::on_closed(errc why, std::uint16_t code, std::string_view reason) noexcept {
  is_closed_ = true;
  spdlog::debug("connection {} from {} closed with {}: {}", id_, request_.remote_address(), code,
                to_string(why));
  self_.home().hub().retire(*this);
  if (extras_)
    for (auto& pending : std::exchange(extras_->asks, {}))
      guard(0, [&] {
        pending.second.done(ask_error{.code = errc::connection_lost,
                                      .text = std::string{to_string(errc::connection_lost)}});
      });
  if (endpoint_.rules->disconnect)
    guard(0, [&] {
      endpoint_.rules->disconnect(*this, {.why = why, .code = code, .reason = reason});
    });
  extras_.reset();
}

void connection_state::on_finished() noexcept {
  // The exit message keeps the actor alive until the next turn: this call comes from its socket.
  caf::anon_send_exit(&self_, caf::exit_reason::user_shutdown);
  self_.home().add_load(-1);
  self_.home().hub().forget(id_);
}

// -- troupe::connection -------------------------------------------------------

std::string_view connection_state::identity() const noexcept {
  return identity_ ? std::string_view{*identity_} : std::string_view{};
}

verdict connection_state::send_text(std::string_view text) {
  return socket_.send(protocol::opcode::text, as_bytes(text));
}

verdict connection_state::send_binary(byte_view bytes) {
  return socket_.send(protocol::opcode::binary, bytes);
}

void connection_state::close(std::uint16_t code, std::string_view reason) {
  socket_.close(errc::ok, static_cast<protocol::close_code>(code), reason);
}

value_store& connection_state::values() {
  return more().values;
}

std::function<void()> connection_state::guarded(std::function<void()> fire) {
  return [this, fire = std::move(fire)] { guard(0, fire); };
}

timer_id connection_state::after(std::chrono::milliseconds delay, std::function<void()> fire) {
  return more().timers.after(delay, guarded(std::move(fire)));
}

timer_id connection_state::every(std::chrono::milliseconds period, std::function<void()> fire) {
  return more().timers.every(period, guarded(std::move(fire)));
}

void connection_state::cancel(timer_id timer) {
  if (extras_)
    extras_->timers.cancel(timer);
}

bool connection_state::is_member(std::string_view room) const noexcept {
  return find_membership(room) != nullptr;
}

void connection_state::join(std::string_view room) {
  if (!protocol::is_valid_name(room))
    throw std::invalid_argument{"\"" + std::string{room} + "\" is no room name"};
  request_join(room, 0, {});
}

void connection_state::leave(std::string_view room) {
  if (auto* found = find_membership(room))
    return caf::anon_send(found->first->actor, leave_room{id_});
  if (auto* pending = find_pending_join(room))
    pending->leaves_again = true;
}

pending_join* connection_state::find_pending_join(std::string_view room) noexcept {
  if (!extras_)
    return nullptr;
  auto& joins = extras_->joins;
  auto found =
      std::find_if(joins.begin(), joins.end(), [room](auto& each) { return each.room == room; });
  return found == joins.end() ? nullptr : &*found;
}

void connection_state::request_join(std::string_view room, std::uint64_t ask_id,
                                    payload arguments) {
  if (auto* pending = find_pending_join(room))
    pending->leaves_again = false;
  else if (!is_member(room))
    more().joins.push_back({.room = std::string{room}, .held = {}, .messages = {}});
  auto join = std::make_shared<join_room>();
  join->who = {.id = id_, .how = encoding_, .identity = identity_};
  join->endpoint = endpoint_.index;
  join->room = room;
  join->ask_id = ask_id;
  join->arguments = std::move(arguments);
  caf::anon_send(shared_.directory, std::move(join));
}

void connection_state::resolve_join(std::string_view room, const room_ptr* joined) {
  auto* found = find_pending_join(room);
  if (found == nullptr)
    return;
  auto pending = std::move(*found);
  extras_->joins.erase(extras_->joins.begin() + (found - extras_->joins.data()));
  for (auto& held : pending.held) {
    if (joined != nullptr)
      caf::anon_send((*joined)->actor, std::move(held));
    else
      caf::anon_send(shared_.directory, find_and_emit{.endpoint = endpoint_.index,
                                                      .room = pending.room,
                                                      .event = std::move(held.event),
                                                      .except = held.except});
  }
  auto go_on = !pending.messages.empty();
  for (auto& held : pending.messages)
    go_on = joined == nullptr || (forward(*joined, std::move(held)) && go_on);
  if (joined != nullptr && pending.leaves_again)
    caf::anon_send((*joined)->actor, leave_room{id_});
  if (go_on)
    socket_.resume_reading();
}

} // namespace troupe::actors
