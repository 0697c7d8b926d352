#include "net/reactor.hpp"
#include "net/ws_connection.hpp"
#include "net/ws_extras.hpp"
#include "protocol/ws_writer.hpp"

#include <algorithm>
#include <utility>

// How a ws_connection finds out that its peer is gone, and how it ends.

namespace troupe::net {

using protocol::close_code;
using protocol::opcode;

void ws_connection::on_timer(time_point now) noexcept {
  if (state_ == state::open)
    check_liveness(now);
  else
    finish(errc::timed_out);
}

void ws_connection::check_liveness(time_point now) {
  auto& limits = options_.limits;
  if (is_blocked_ && now - blocked_since_ >= longest_write() && outbox_.has_waiting_ordered())
    return give_up(errc::write_timeout);
  if (extras_ && !is_paused_ && now >= extras_->read_deadline)
    return close(errc::timed_out, close_code::policy_violation, "No message came in time.");
  const bool is_waiting = awaits_pong_ && last_received_ < ping_sent_;
  if (is_waiting && now - ping_sent_ >= limits.pong_timeout)
    return give_up(blame_silence());
  if (!is_waiting && now - ping_sent_ >= limits.ping_interval)
    send_ping(now); // a further one while waiting would only put off the verdict
  arm_timer(next_check(now));
}

time_point ws_connection::next_check(time_point now) const noexcept {
  auto& limits = options_.limits;
  const auto ping_due = ping_sent_ + limits.ping_interval;
  const auto pong_due = ping_sent_ + limits.pong_timeout;
  auto next = ping_due;
  if (awaits_pong_ && now < pong_due)
    next = ping_due <= now ? pong_due : std::min(ping_due, pong_due);
  if (is_blocked_ && now < blocked_since_ + longest_write())
    next = std::min(next, blocked_since_ + longest_write());
  if (extras_ && !is_paused_)
    next = std::min(next, extras_->read_deadline);
  return next;
}

websocket_control::duration ws_connection::longest_write() const noexcept {
  return extras_ ? extras_->write_timeout : options_.limits.write_timeout;
}

void ws_connection::write_timeout(duration timeout) {
  constexpr std::chrono::hours never{24 * 365};
  more().write_timeout = timeout == timeout.zero() ? never : timeout;
  if (state_ == state::open && !is_detached_)
    arm_timer(next_check(home_.now()));
}

void ws_connection::read_timeout(duration timeout) {
  auto& all = more();
  all.read_timeout = timeout;
  all.read_deadline = time_point::max();
  renew_read_deadline();
  if (state_ == state::open && !is_detached_)
    arm_timer(next_check(home_.now()));
}

void ws_connection::send_ping(time_point now) {
  static const auto ping = protocol::make_frame(opcode::ping, {});
  ping_sent_ = now;
  awaits_pong_ = true;
  push_control(ping);
}

errc ws_connection::blame_silence() const noexcept {
  // A peer that leaves bytes of ours unread did not answer because it does not read.
  return is_blocked_ || socket_.unsent_bytes() != 0 ? errc::slow_consumer : errc::no_pong;
}

void ws_connection::close(errc why, close_code code, std::string_view reason) {
  if (state_ != state::open)
    return;
  if (is_detached_)
    return end(state::finished, why, code, reason);
  let_go();
  push_control(protocol::make_close_frame(code, reason));
  end(state::closing, why, code, reason);
}

void ws_connection::refuse(errc why) {
  auto code = protocol::to_close_code(why);
  if (state_ == state::open)
    push_control(protocol::make_close_frame(code, to_string(why)));
  end(state::lingering, why, code, to_string(why));
}

void ws_connection::give_up(errc why) {
  if (can_detach())
    drop_socket();
  else
    abandon(why);
}

void ws_connection::abandon(errc why) {
  auto code = protocol::to_close_code(why);
  if (is_detached_)
    return end(state::finished, why, code, to_string(why));
  outbox_.keep_only_started(home_.pool);
  if (outbox_.push(protocol::make_close_frame(code, to_string(why)), {}, home_.now(), SIZE_MAX,
                   home_.pool)
      == verdict::queued)
    end(state::closing, why, code, to_string(why));
  // A peer that does not read learns why as soon as it reads again, if the kernel has the words.
  socket_.grow_send_buffer();
  is_blocked_ = false;
}

void ws_connection::end(state next, errc why, close_code code, std::string_view reason) {
  if (state_ >= next)
    return;
  state_ = next;
  if (has_waiting_box())
    extras_->waiting.clear(home_.pool); // it waits for what will never be finished
  is_streaming_ = is_held_back_ = false;
  if (!ending_)
    ending_ = std::make_unique<ending>(ending{why, code, std::string{reason}});
  if (is_paused_)
    resume_reading();
  if (next == state::finished)
    disarm();
  else
    arm_timer(home_.now() + options_.limits.close_timeout);
  home_.mark_dirty(*this);
}

void ws_connection::finish(errc why) {
  if (state_ == state::finished)
    return;
  if (why == errc::connection_lost && can_detach())
    return drop_socket();
  end(state::finished, why, close_code::abnormal, to_string(why));
  close_socket();
  clear_outboxes();
}

void ws_connection::close_socket() noexcept {
  if (!socket_.is_open())
    return;
  home_.loop.remove(socket_.descriptor(), *this);
  interest_ = io_interest::none;
  socket_.close();
}

void ws_connection::clear_outboxes() noexcept {
  outbox_.clear(home_.pool);
  if (extras_)
    extras_->waiting.clear(home_.pool);
}

void ws_connection::report() {
  if (!ending_ || std::exchange(is_reported_, true))
    return;
  events_.on_closed(ending_->why, static_cast<std::uint16_t>(ending_->code), ending_->reason);
}

} // namespace troupe::net
