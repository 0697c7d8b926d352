#include "net/reactor.hpp"
#include "net/ws_connection.hpp"
#include "net/ws_extras.hpp"
#include "protocol/ws_writer.hpp"

#include <cstdint>
#include <utility>

// How a ws_connection lives on without its socket, and goes on with another one.

namespace troupe::net {

void ws_connection::keep_sent(std::size_t ring_bytes) {
  more().sent = std::make_unique<protocol::sent_ring>(ring_bytes);
}

protocol::sent_ring* ws_connection::sent() const noexcept {
  return extras_ ? extras_->sent.get() : nullptr;
}

void ws_connection::acknowledge(std::uint64_t received) noexcept {
  if (auto* ring = sent())
    ring->acknowledge(received);
}

bool ws_connection::can_resume_at(std::uint64_t received) const noexcept {
  const auto* ring = sent();
  return ring != nullptr && state_ == state::open && ring->holds(received);
}

bool ws_connection::can_detach() const noexcept {
  return state_ == state::open && !is_detached_ && sent() != nullptr;
}

void ws_connection::drop_socket() noexcept {
  let_go();
  close_socket();
  disarm();
  is_detached_ = tells_detached_ = true;
  is_blocked_ = reading_must_write_ = awaits_pong_ = false;
  has_progressed_ = true;
  unread_.clear();
  extras_->detached_since = home_.now();
  outbox_.rewind(home_.pool, *sent());
  home_.mark_dirty(*this);
}

void ws_connection::report_detached() noexcept {
  if (std::exchange(tells_detached_, false))
    events_.on_detached();
}

void ws_connection::detach(std::string_view reason) noexcept {
  if (can_detach()) {
    if (!is_blocked_) // or it would end up within a message that is half written
      (void)socket_.write(protocol::make_close_frame(close_code::normal, reason)->bytes());
    drop_socket();
  }
  report_detached();
}

void ws_connection::attach(tcp_socket socket, const protocol::frame_ptr& hello,
                           std::uint64_t received) {
  const auto push = [this](const protocol::frame_ptr& frame) {
    (void)outbox_.push(frame, {}, home_.now(), SIZE_MAX, home_.pool);
  };
  outbox waiting;
  waiting.take_all(outbox_);
  push(hello);
  for (const auto& missed : sent()->take_after(received))
    push(missed);
  outbox_.take_all(waiting);
  socket_ = std::move(socket);
  reader_ = protocol::ws_reader{protocol::ws_role::server};
  is_detached_ = is_over_bytes_ = is_discarding_ = false;
  last_received_ = ping_sent_ = home_.now();
  grant_for(home_.now() - extras_->detached_since);
  renew_read_deadline();
  home_.mark_dirty(*this);
}

/// What the client could not send meanwhile comes at once.
void ws_connection::grant_for(std::chrono::duration<double> absence) noexcept {
  messages_.grant(static_cast<double>(options_.limits.messages_per_s) * absence.count());
  bytes_.grant(static_cast<double>(options_.limits.bytes_per_s) * absence.count());
}

void ws_connection::end_detached(errc why) {
  end(state::finished, why, close_code::abnormal, to_string(why));
  clear_outboxes();
  report();
}

} // namespace troupe::net
