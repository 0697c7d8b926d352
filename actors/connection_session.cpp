#include "actors/connection_session.hpp"

#include "actors/connection_extras.hpp"
#include "actors/pinned_actor.hpp"

#include <utility>

// How a connection of `troupe.v1` outlives its socket.

namespace troupe::actors {

using protocol::operation;
using protocol::session_outcome;

namespace {

// The client keeps what it has sent until it is told: not more than this, and what is on its way.
constexpr std::uint64_t untold_messages = 16;
constexpr std::size_t untold_bytes = 8 * 1024;

} // namespace

connection_state::session::session(connection_state& of, session_outcome how)
    : outcome{how},
      token{of.shared_.sessions.open({.id = of.id_, .is_compressed = of.encoding_.is_compressed})},
      owner_{of} {}

connection_state::session::~session() {
  owner_.shared_.sessions.close(owner_.id_);
}

void connection_state::session::on_timer(net::time_point) noexcept {
  owner_.socket_.end_detached(errc::connection_lost); // which destroys this
}

connection_state::session* connection_state::own_session() const noexcept {
  return extras_ ? extras_->session.get() : nullptr;
}

void connection_state::begin_session(session_outcome how) {
  socket_.keep_sent(endpoint_.rules->sessions->ring_bytes);
  more().session = std::make_unique<session>(*this, how);
}

// -- counting -----------------------------------------------------------------

void connection_state::count_received(byte_view bytes) {
  auto* own = own_session();
  if (own == nullptr || !protocol::is_counted(bytes))
    return;
  ++own->received;
  own->untold_bytes += bytes.size();
  if (own->received - own->told < untold_messages && own->untold_bytes < untold_bytes)
    return;
  own->told = own->received;
  own->untold_bytes = 0;
  tell_plain({.op = operation::received, .count = own->received});
}

void connection_state::on_discarded(protocol::opcode type, byte_view bytes) noexcept {
  if (type == protocol::opcode::binary)
    count_received(bytes);
}

void connection_state::on_received(std::uint64_t count) {
  auto* own = own_session();
  if (own == nullptr)
    return;
  socket_.acknowledge(count);
  if (std::exchange(own->is_unconfirmed, false))
    shared_.sessions.confirm(id_);
}

// -- without a socket, and back -----------------------------------------------

void connection_state::on_detached() noexcept {
  auto& home = self_.home().reactor();
  home.timers.arm(*own_session(), home.now() + endpoint_.rules->sessions->grace);
  guard(0, [&] {
    if (endpoint_.rules->dropped)
      endpoint_.rules->dropped(own_);
  });
}

bool connection_state::is_meant_by(const accepted_connection& from) const noexcept {
  return own_session() != nullptr && is_open() && is_opened_ && &endpoint_ == from.endpoint
         && identity() == from.identity && encoding_.is_compressed == from.is_compressed;
}

claim_verdict connection_state::resume(accepted_connection& from, std::span<std::byte> early) {
  if (!is_meant_by(from))
    return claim_verdict::refused;
  if (from.claim->attempt <= own_session()->attempt)
    return claim_verdict::overtaken;
  auto token = shared_.sessions.renew(id_, from.claim->presented);
  if (!token)
    return claim_verdict::overtaken; // it was good a moment ago
  socket_.detach("This session goes on in a newer connection.");
  if (!is_open())
    return claim_verdict::refused; // a hook has closed it
  if (!socket_.can_resume_at(from.claim->received)) {
    socket_.end_detached(errc::connection_lost);
    return claim_verdict::refused;
  }
  auto& own = *own_session();
  own.attempt = from.claim->attempt;
  own.disarm();
  own.outcome = session_outcome::resumed;
  own.token = *std::move(token);
  own.told = own.received; // the hello tells
  own.untold_bytes = 0;
  own.is_unconfirmed = true;
  if (from.ticket)
    ticket_ = *std::move(from.ticket);
  socket_.attach(std::move(from.socket), make_hello(), from.claim->received);
  guard(0, [&] {
    if (endpoint_.rules->resumed)
      endpoint_.rules->resumed(own_);
  });
  socket_.start(early);
  return claim_verdict::resumed;
}

} // namespace troupe::actors
