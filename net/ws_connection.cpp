#include "net/ws_connection.hpp"

#include "net/reactor.hpp"
#include "protocol/ws_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

namespace troupe::net {

using protocol::close_code;
using protocol::opcode;

namespace {

/// Private frames get this much room at least, so that following messages can share them.
constexpr std::size_t private_frame_bytes = 496;

/// Bytes that may come at once: a message of full size must fit, whatever the rate.
double byte_burst(const struct config::limits& limits) noexcept {
  return std::max(static_cast<double>(limits.bytes_per_s),
                  2.0 * static_cast<double>(limits.message_bytes));
}

/// Messages that may come at once.
double message_burst(const struct config::limits& limits) noexcept {
  return limits.burst == 0 ? std::numeric_limits<double>::infinity()
                           : static_cast<double>(limits.burst);
}

} // namespace

/// Adapts the reader's callbacks.
struct ws_connection::frame_sink {
  ws_connection& self;

  bool on_frame(bool is_control, std::size_t wire_bytes) {
    return self.on_frame(is_control, wire_bytes);
  }
  bool on_message(opcode type, std::span<std::byte> bytes) { return self.on_message(type, bytes); }
  bool on_ping(byte_view payload) {
    if (self.state_ == state::open)
      self.push_control(protocol::make_frame(opcode::pong, payload));
    return true;
  }
  bool on_pong(byte_view) {
    self.on_pong();
    return true;
  }
  bool on_close(std::uint16_t code, std::string_view reason) {
    return self.on_peer_close(code, reason);
  }
};

ws_connection::ws_connection(reactor& home, tcp_socket socket, connection_events& events,
                             const ws_options& options)
  : home_{home},
    options_{options},
    socket_{std::move(socket)},
    events_{events},
    reader_{protocol::ws_role::server},
    last_received_{home.now()},
    ping_sent_{home.now()} {}

ws_connection::~ws_connection() {
  home_.forget(*this);
  if (interest_ != io_interest::none)
    home_.loop.remove(socket_.descriptor(), *this);
  outbox_.clear(home_.pool);
}

void ws_connection::start(std::span<std::byte> early) {
  try {
    home_.loop.add(socket_.descriptor(), *this, io_interest::read);
  } catch (const std::system_error&) {
    return finish(errc::internal);
  }
  interest_ = io_interest::read;
  if (state_ == state::open)
    arm_timer(home_.now() + options_.limits.ping_interval);
  if (!early.empty())
    feed(early);
}

void ws_connection::arm_timer(time_point deadline) noexcept {
  home_.timers.arm(*this, deadline);
}

// -- reading ------------------------------------------------------------------

void ws_connection::on_ready(io_interest ready) noexcept {
  if (wants(ready, io_interest::write) && is_blocked_) {
    is_blocked_ = false;
    home_.mark_dirty(*this);
  }
  if (!wants(ready, io_interest::read) || state_ == state::finished)
    return;
  if (is_paused_)
    finish(errc::connection_lost); // read interest is off: only a hang-up is reported
  else
    read_some();
}

void ws_connection::read_some() {
  auto buffer = home_.receive_buffer();
  auto got = socket_.read(buffer);
  switch (got.what) {
    case io_result::kind::done:
      last_received_ = home_.now();
      if (state_ != state::lingering)
        feed(buffer.first(got.bytes));
      break;
    case io_result::kind::would_block:
      break;
    case io_result::kind::ended:
    case io_result::kind::failed:
      finish(errc::connection_lost);
      break;
  }
}

void ws_connection::feed(std::span<std::byte> bytes) {
  frame_sink sink{*this};
  auto [consumed, error] = reader_.feed(bytes, sink, options_.reader,
                                        compression_ ? &home_.inflater : nullptr);
  if (error != errc::ok) {
    refuse(error);
  } else if (is_paused_ && consumed < bytes.size()) {
    auto rest = bytes.subspan(consumed);
    unread_.assign(rest.begin(), rest.end());
  }
}

bool ws_connection::on_frame(bool is_control, std::size_t wire_bytes) {
  auto& limits = options_.limits;
  auto bytes_per_s = static_cast<double>(limits.bytes_per_s);
  if (!bytes_.take(static_cast<double>(wire_bytes), bytes_per_s, byte_burst(limits), home_.now()))
    is_over_bytes_ = true;
  auto control_rate = static_cast<double>(limits.control_frames_per_s);
  if (!is_control || control_frames_.take(1, control_rate, control_rate, home_.now()))
    return true;
  refuse(errc::policy_violation);
  return false;
}

bool ws_connection::on_message(opcode type, std::span<std::byte> bytes) {
  if (state_ != state::open)
    return true;
  auto& limits = options_.limits;
  auto rate = static_cast<double>(limits.messages_per_s);
  auto burst = message_burst(limits);
  auto is_over = std::exchange(is_over_bytes_, false);
  if (!messages_.take(1, rate, burst, home_.now()) || is_over)
    return on_excess();
  if (excess_ != 0 && messages_.used() < burst / 2 && bytes_.used() < byte_burst(limits) / 2)
    excess_ = 0;
  is_paused_ = !events_.on_message(type, bytes);
  if (is_paused_)
    update_interest();
  return !is_paused_;
}

bool ws_connection::on_excess() {
  ++excess_;
  auto patience = std::max<std::size_t>(options_.limits.messages_per_s / 2, 10);
  auto is_told = excess_ > 1 || events_.on_rate_limited();
  if (!is_told || excess_ > patience)
    refuse(errc::rate_limited);
  return state_ == state::open;
}

void ws_connection::on_pong() {
  if (!std::exchange(awaits_pong_, false))
    return;
  round_trip_ = std::chrono::duration_cast<std::chrono::microseconds>(home_.now() - ping_sent_);
}

bool ws_connection::on_peer_close(std::uint16_t code, std::string_view reason) {
  auto given = static_cast<close_code>(code);
  if (state_ == state::open) {
    push_control(given == close_code::no_status ? protocol::make_frame(opcode::close, {})
                                                : protocol::make_close_frame(given, {}));
  }
  peer_closed_ = true;
  end(state::lingering, errc::ok, given, reason);
  return false;
}

void ws_connection::pause_reading() noexcept {
  is_paused_ = true;
  update_interest();
}

void ws_connection::resume_reading() {
  if (!std::exchange(is_paused_, false))
    return;
  auto bytes = std::exchange(unread_, {});
  if (!bytes.empty() && state_ != state::lingering)
    feed(bytes);
  update_interest();
}

// -- writing ------------------------------------------------------------------

verdict ws_connection::send(const protocol::frame_ptr& frame, const delivery& how,
                            flush_time when) {
  if (state_ != state::open)
    return verdict::closed;
  auto result = outbox_.push(frame, how, home_.now(), options_.limits.outbox_bytes, home_.pool);
  if (result == verdict::overflow)
    abandon(errc::slow_consumer);
  else if (when == flush_time::turn_end)
    home_.mark_dirty(*this);
  return result;
}

void ws_connection::request_flush() noexcept {
  if (!outbox_.is_empty())
    home_.mark_dirty(*this);
}

verdict ws_connection::send(opcode type, byte_view payload) {
  if (state_ != state::open)
    return verdict::closed;
  std::array<std::byte, protocol::max_ws_header_bytes> header;
  auto size = protocol::write_header(header.data(), type, payload.size(), false);
  byte_view head{header.data(), size};
  if (outbox_.append(head, payload, options_.limits.outbox_bytes)) {
    home_.mark_dirty(*this);
    return verdict::queued;
  }
  auto frame = protocol::frame_ptr::allocate(std::max(size + payload.size(), private_frame_bytes));
  std::memcpy(frame.spare().data(), head.data(), size);
  if (!payload.empty())
    std::memcpy(frame.spare().data() + size, payload.data(), payload.size());
  frame.grow(size + payload.size());
  return send(frame);
}

void ws_connection::push_control(protocol::frame_ptr frame) {
  // A control frame is small and must not be refused, except to a peer that takes nothing at all.
  auto limit = 2 * options_.limits.outbox_bytes + protocol::max_control_bytes;
  if (outbox_.push(std::move(frame), {}, home_.now(), limit, home_.pool) == verdict::overflow)
    return abandon(errc::slow_consumer);
  home_.mark_dirty(*this);
}

void ws_connection::flush() noexcept {
  report();
  if (state_ == state::finished)
    return events_.on_finished();
  outbox_.expire(home_.now(), home_.pool);
  while (!outbox_.is_empty() && !is_blocked_ && write_once())
    ;
  if (state_ == state::lingering && outbox_.is_empty() && !std::exchange(said_all_, true))
    hang_up();
  update_interest();
}

void ws_connection::hang_up() {
  socket_.shutdown_send();
  // Both close frames are exchanged: the server hangs up first (RFC 6455 section 7.1.1).
  if (peer_closed_)
    finish(errc::ok);
}

bool ws_connection::write_once() {
  if (auto only = outbox_.only_frame(); !only.empty())
    return on_written(socket_.write(only), 1);
  return write_many();
}

bool ws_connection::write_many() {
  std::array<byte_view, 64> parts;
  auto count = outbox_.gather(parts);
  return on_written(write_parts(std::span{parts}.first(count)), count);
}

bool ws_connection::on_written(io_result wrote, std::size_t parts) {
  switch (wrote.what) {
    case io_result::kind::done:
      has_progressed_ = true;
      outbox_.consume(wrote.bytes, home_.pool);
      return true;
    case io_result::kind::would_block:
      on_blocked(parts);
      return false;
    default:
      finish(errc::connection_lost);
      return false;
  }
}

io_result ws_connection::write_parts(std::span<const byte_view> parts) {
  // Copying a few hundred bytes costs less than an iovec entry; large frames are gathered.
  constexpr std::size_t large = 16 * 1024;
  auto scratch = home_.scratch();
  std::size_t filled = 0;
  for (auto part : parts) {
    if (part.size() >= large || filled + part.size() > scratch.size())
      break;
    std::memcpy(scratch.data() + filled, part.data(), part.size());
    filled += part.size();
  }
  if (filled != 0)
    return socket_.write(scratch.first(filled));
  return socket_.write(parts[0]);
}

void ws_connection::on_blocked(std::size_t parts) {
  is_blocked_ = true;
  if (std::exchange(has_progressed_, false))
    blocked_since_ = home_.now(); // a socket may claim to be writable and still take nothing
  if (socket_.is_secure())
    outbox_.freeze(parts, home_.pool);
  if (state_ == state::open)
    arm_timer(next_check(home_.now()));
}

// -- liveness and closing -----------------------------------------------------

void ws_connection::on_timer(time_point now) noexcept {
  if (state_ == state::open)
    check_liveness(now);
  else
    finish(errc::timed_out);
}

void ws_connection::check_liveness(time_point now) {
  auto& limits = options_.limits;
  if (is_blocked_ && now - blocked_since_ >= limits.write_timeout && outbox_.has_waiting_ordered())
    return abandon(errc::write_timeout);
  if (awaits_pong_ && last_received_ < ping_sent_ && now - ping_sent_ >= limits.pong_timeout)
    return abandon(blame_silence());
  if (now - ping_sent_ >= limits.ping_interval)
    send_ping(now);
  arm_timer(next_check(now));
}

time_point ws_connection::next_check(time_point now) const noexcept {
  auto& limits = options_.limits;
  auto next = ping_sent_ + limits.ping_interval;
  if (awaits_pong_ && now < ping_sent_ + limits.pong_timeout)
    next = std::min(next, ping_sent_ + limits.pong_timeout);
  if (is_blocked_ && now < blocked_since_ + limits.write_timeout)
    next = std::min(next, blocked_since_ + limits.write_timeout);
  return next;
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
  push_control(protocol::make_close_frame(code, reason));
  end(state::closing, why, code, reason);
}

void ws_connection::refuse(errc why) {
  auto code = protocol::to_close_code(why);
  if (state_ == state::open)
    push_control(protocol::make_close_frame(code, to_string(why)));
  end(state::lingering, why, code, to_string(why));
}

void ws_connection::abandon(errc why) {
  auto code = protocol::to_close_code(why);
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
  end(state::finished, why, close_code::abnormal, to_string(why));
  home_.loop.remove(socket_.descriptor(), *this);
  interest_ = io_interest::none;
  socket_.close();
  outbox_.clear(home_.pool);
}

void ws_connection::report() {
  if (!ending_ || std::exchange(is_reported_, true))
    return;
  events_.on_closed(ending_->why, static_cast<std::uint16_t>(ending_->code), ending_->reason);
}

void ws_connection::update_interest() noexcept {
  if (state_ == state::finished)
    return;
  auto read = is_paused_ ? 0U : 1U;
  auto write = is_blocked_ ? 2U : 0U;
  auto wanted = static_cast<io_interest>(read | write);
  if (wanted == interest_)
    return;
  interest_ = wanted;
  home_.loop.modify(socket_.descriptor(), *this, wanted);
}

} // namespace troupe::net
