#include "actors/connection_state.hpp"

#include "actors/connection_extras.hpp"
#include "actors/hub_actor.hpp"
#include "actors/neffos_session.hpp"
#include "net/uuid.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <spdlog/spdlog.h>
#include <utility>

namespace troupe::actors {

namespace {

/// Events of one connection that may be on their way to rooms before it stops reading.
constexpr std::uint32_t max_in_flight = 64;

protocol::encoding encoding_of(const accepted_connection& from) {
  return {.speaks = from.speaks.value_or(protocol::wire::raw), .is_compressed = from.is_compressed};
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
      ticket_{std::move(from.ticket).value_or(net::admission_ticket{})},
      socket_{self.home().reactor(), std::move(from.socket), *this, endpoint_.options},
      own_{*this, *endpoint_.own},
      is_decided_{from.speaks.has_value()} {
  if (encoding_.is_compressed)
    socket_.allow_compression();
  if (from.session != protocol::session_outcome::none)
    begin_session(from.session);
}

connection_state::~connection_state() = default;

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

// -- the beginning ------------------------------------------------------------

void connection_state::start(std::span<std::byte> early) {
  self_.home().add_load(1);
  if (is_decided_)
    decide(encoding_.speaks);
  socket_.start(early);
}

protocol::wire connection_state::guess(byte_view first) const noexcept {
  auto protocols = endpoint_.rules->protocols();
  // Clients of neffos say exactly this. "Monday" is a message of somebody else's.
  if (includes(protocols, speaks::neffos) && as_text(first) == "M")
    return protocol::wire::neffos;
  if (includes(protocols, speaks::iris)
      && (as_text(first).starts_with(endpoint_.own->names.iris_prefix)
          || !includes(protocols, speaks::raw)))
    return protocol::wire::iris;
  return includes(protocols, speaks::raw) ? protocol::wire::raw : protocol::wire::neffos;
}

void connection_state::decide(protocol::wire speaks) {
  is_decided_ = true;
  encoding_.speaks = speaks;
  if (speaks == protocol::wire::neffos)
    neffos_ = std::make_unique<neffos_session>(*this); // opens when the client has said `M`
  else
    open();
}

bool connection_state::pass_open_hook(std::string& refusal) {
  auto outcome = try_to([this] {
    if (endpoint_.rules->open)
      endpoint_.rules->open(own_);
  });
  is_opened_ = outcome.code == errc::ok;
  if (is_opened_)
    endpoint_.rules->count_connection(1);
  refusal = std::move(outcome.text);
  return is_opened_;
}

void connection_state::open() {
  if (encoding_.speaks == protocol::wire::native)
    socket_.send(make_hello());
  std::string refusal;
  if (pass_open_hook(refusal))
    enter_own_space();
  else
    send_away(refusal);
}

void connection_state::enter_own_space() {
  own_.set_connected(true);
  auto outcome = call_connect_hook(own_, {});
  if (outcome.code == errc::refused) {
    own_.set_connected(false);
    return send_away(outcome.text);
  }
  if (outcome.code != errc::ok)
    report(0, outcome.code, outcome.text);
  call_connected_hook(own_, {});
}

void connection_state::send_away(std::string_view reason) {
  report(0, errc::refused, reason);
  socket_.close(errc::refused, protocol::close_code::policy_violation, reason);
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

connection_state::membership* connection_state::find_membership(std::size_t space,
                                                                std::string_view room) noexcept {
  auto found = std::find_if(memberships_.begin(), memberships_.end(), [&](auto& each) {
    return each.first->space == space && each.first->name == room;
  });
  return found == memberships_.end() ? nullptr : &*found;
}

const connection_state::membership* connection_state::last_membership() const noexcept {
  return memberships_.empty() ? nullptr : &memberships_.back();
}

std::vector<std::string_view> connection_state::rooms_in(std::size_t space) const {
  std::vector<std::string_view> names;
  for (auto& [room, index] : memberships_)
    if (room->space == space)
      names.push_back(room->name);
  return names;
}

void connection_state::add_membership(const room_ptr& room, std::uint32_t index) {
  memberships_.emplace_back(room, index);
}

std::optional<std::uint32_t> connection_state::take_membership(room_number room) noexcept {
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

// -- the end ------------------------------------------------------------------

departure connection_state::departure_now() const noexcept {
  if (is_open())
    return departure::asked;
  return is_session_lost_ ? departure::lost : departure::closed;
}

void connection_state::on_closed(errc why, std::uint16_t code, std::string_view reason) noexcept {
  is_closed_ = true;
  const auto is_failure = why == errc::connection_lost || why == errc::slow_consumer;
  is_session_lost_ = own_session() != nullptr && is_failure;
  spdlog::debug("connection {} from {} closed with {}: {}", id_, request_.remote_address(), code,
                to_string(why));
  if (extras_)
    for (auto& pending : std::exchange(extras_->asks, {}))
      guard(0, [&] {
        pending.second.done(ask_error{.code = errc::connection_lost,
                                      .text = std::string{to_string(errc::connection_lost)}});
      });
  if (neffos_)
    neffos_->on_closed();
  close_info info{.why = why, .code = code, .reason = reason, .by = {true, true}};
  if (extras_)
    for (auto& scope : extras_->scopes)
      end_scope(*scope, info);
  end_scope(own_, info);
  self_.home().hub().retire(*this);
  auto& rules = *endpoint_.rules;
  if (is_opened_)
    rules.count_connection(-1);
  if (rules.close && (is_opened_ || rules.closes_always))
    guard(0, [&] { rules.close(own_, info); });
  own_.take_space_values().reset();
  extras_.reset();
}

void connection_state::on_finished() noexcept {
  // The exit message keeps the actor alive until the next turn: this call comes from its socket.
  caf::anon_send_exit(&self_, caf::exit_reason::user_shutdown);
  self_.home().add_load(-1);
  self_.home().hub().forget(id_);
}

// -- behind scoped_connection -------------------------------------------------

std::string_view connection_state::identity() const noexcept {
  return identity_ ? std::string_view{*identity_} : std::string_view{};
}

std::string_view connection_state::client_id() {
  auto& text = more().client_id;
  if (!text.empty())
    return text;
  auto& rules = *endpoint_.rules;
  auto has_uuid = encoding_.speaks == protocol::wire::neffos
                  || encoding_.speaks == protocol::wire::iris;
  if (rules.make_client_id)
    text = rules.make_client_id(request_);
  else
    text = has_uuid ? net::make_uuid() : std::to_string(id_);
  return text;
}

const message_info& connection_state::message_at_hand() const noexcept {
  static const message_info none;
  return at_hand_ != nullptr ? *at_hand_ : none;
}

value_store& connection_state::values() {
  return more().values;
}

std::function<void()> connection_state::guarded(std::function<void()> fire) {
  return [this, fire = std::move(fire)] { guard(0, fire); };
}

timer_id connection_state::after(std::chrono::microseconds delay, std::function<void()> fire) {
  return more().timers.after(delay, guarded(std::move(fire)));
}

timer_id connection_state::at(net::time_point deadline, std::function<void()> fire) {
  return more().timers.at(deadline, guarded(std::move(fire)));
}

timer_id connection_state::every(std::chrono::microseconds period, std::function<void()> fire) {
  return more().timers.every(period, guarded(std::move(fire)));
}

void connection_state::cancel(timer_id timer) {
  if (extras_)
    extras_->timers.cancel(timer);
}

void connection_state::read_on() {
  if (!neffos_ || neffos_->go_on())
    socket_.resume_reading();
}

} // namespace troupe::actors
