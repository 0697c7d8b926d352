#include "net/ws_connection.hpp"

#include "net/reactor.hpp"
#include "net/ws_extras.hpp"
#include "protocol/resume.hpp"
#include "protocol/ws_writer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace troupe::net {

using protocol::close_code;
using protocol::opcode;

namespace {

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
  bool on_part(opcode type, std::span<std::byte> bytes, protocol::message_place place) {
    return self.on_part(type, bytes, place);
  }
  bool on_ping(byte_view payload) {
    self.on_ping(payload);
    return true;
  }
  bool on_pong(byte_view payload) {
    self.on_pong(payload);
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
      ping_sent_{home.now()} {
  if (options.limits.read_timeout != options.limits.read_timeout.zero()) {
    more();
    renew_read_deadline();
  }
}

ws_connection::~ws_connection() {
  home_.forget(*this);
  if (interest_ != io_interest::none)
    home_.loop.remove(socket_.descriptor(), *this);
  clear_outboxes();
}

ws_connection::extras& ws_connection::more() {
  if (!extras_)
    extras_ = std::make_unique<extras>(options_);
  return *extras_;
}

void ws_connection::start(std::span<std::byte> early) {
  try {
    home_.loop.add(socket_.descriptor(), *this, io_interest::read);
  } catch (const std::system_error&) {
    return finish(errc::internal);
  }
  interest_ = io_interest::read;
  if (state_ == state::open)
    arm_timer(next_check(home_.now()));
  if (is_paused_) {
    unread_.assign(early.begin(), early.end());
    update_interest();
  } else if (!early.empty()) {
    feed(early);
  }
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
  const bool is_awaited =
      wants(ready, io_interest::write) && std::exchange(reading_must_write_, false);
  if (is_awaited)
    update_interest();
  if (state_ == state::finished)
    return;
  if (is_paused_ && wants(ready, io_interest::read))
    finish(errc::connection_lost); // read interest is off: only a hang-up is reported
  else if (!is_paused_ && (is_awaited || wants(ready, io_interest::read)))
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
    reading_must_write_ = got.wants_write;
    update_interest();
    break;
  case io_result::kind::ended:
  case io_result::kind::failed:
    finish(errc::connection_lost);
    break;
  }
}

void ws_connection::feed(std::span<std::byte> bytes) {
  frame_sink sink{*this};
  auto [consumed, error] =
      reader_.feed(bytes, sink, reader_limits(), compression_ ? &home_.inflater : nullptr);
  if (error != errc::ok) {
    refuse(error);
  } else if (is_paused_ && consumed < bytes.size()) {
    auto rest = bytes.subspan(consumed);
    unread_.assign(rest.begin(), rest.end());
  }
}

const protocol::ws_limits& ws_connection::reader_limits() const noexcept {
  return extras_ ? extras_->reader : options_.reader;
}

void ws_connection::read_limit(std::size_t bytes) {
  more().reader.max_message_bytes = bytes;
}

/// Bytes that may come at once: a message of full size must fit, whatever the rate.
double ws_connection::byte_burst() const noexcept {
  return std::max(static_cast<double>(options_.limits.bytes_per_s),
                  2.0 * static_cast<double>(reader_limits().max_message_bytes));
}

bool ws_connection::on_frame(bool is_control, std::size_t wire_bytes) {
  auto& limits = options_.limits;
  auto bytes_per_s = static_cast<double>(limits.bytes_per_s);
  if (!bytes_.take(static_cast<double>(wire_bytes), bytes_per_s, byte_burst(), home_.now()))
    is_over_bytes_ = true;
  auto control_rate = static_cast<double>(limits.control_frames_per_s);
  if (!is_control || control_frames_.take(1, control_rate, control_rate, home_.now()))
    return true;
  refuse(errc::policy_violation);
  return false;
}

/// Whether the message that begins comes too early.
bool ws_connection::is_excessive() {
  auto rate = static_cast<double>(options_.limits.messages_per_s);
  auto burst = message_burst(options_.limits);
  auto is_over = std::exchange(is_over_bytes_, false);
  if (!messages_.take(1, rate, burst, home_.now()) || is_over)
    return true;
  if (excess_ != 0 && messages_.used() < burst / 2 && bytes_.used() < byte_burst() / 2)
    excess_ = 0;
  return false;
}

bool ws_connection::on_message(opcode type, std::span<std::byte> bytes) {
  if (state_ != state::open)
    return true;
  renew_read_deadline();
  if (is_excessive()) {
    if (sent() != nullptr)
      events_.on_discarded(type, bytes);
    return on_excess();
  }
  if (options_.reader.in_parts)
    return report_part(type, bytes, {});
  is_paused_ = !events_.on_message(type, bytes);
  if (is_paused_)
    update_interest();
  return !is_paused_;
}

bool ws_connection::on_part(opcode type, byte_view bytes, protocol::message_place place) {
  if (state_ != state::open)
    return true;
  if (place.is_last)
    renew_read_deadline();
  if (place.is_first && (is_discarding_ = is_excessive()))
    return on_excess();
  if (is_discarding_)
    return true;
  if (std::exchange(is_over_bytes_, false)) {
    refuse(errc::rate_limited); // it is told in part already: too late to discard it
    return false;
  }
  return report_part(type, bytes, place);
}

bool ws_connection::report_part(opcode type, byte_view bytes, protocol::message_place place) {
  is_paused_ = !events_.on_part(type, bytes, place);
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

void ws_connection::on_ping(byte_view payload) {
  if (state_ != state::open)
    return;
  if (options_.handles_ping)
    events_.on_ping(payload);
  else
    push_control(protocol::make_frame(opcode::pong, payload));
}

void ws_connection::on_pong(byte_view payload) {
  if (std::exchange(awaits_pong_, false))
    round_trip_ = std::chrono::duration_cast<std::chrono::microseconds>(home_.now() - ping_sent_);
  if (state_ == state::open)
    events_.on_pong(payload);
}

bool ws_connection::on_peer_close(std::uint16_t code, std::string_view reason) {
  auto given = static_cast<close_code>(code);
  if (given == protocol::comes_back && can_detach()) {
    drop_socket();
    return false;
  }
  if (state_ == state::open) {
    ending_ = std::make_unique<ending>(ending{errc::ok, given, std::string{reason}});
    if (options_.handles_close)
      events_.on_close_frame(code, reason);
    else
      push_control(given == close_code::no_status ? protocol::make_frame(opcode::close, {})
                                                  : protocol::make_close_frame(given, {}));
  }
  peer_closed_ = true;
  end(state::lingering, errc::ok, given, reason);
  return false;
}

void ws_connection::renew_read_deadline() noexcept {
  if (extras_ && extras_->read_timeout != extras_->read_timeout.zero())
    extras_->read_deadline = home_.now() + extras_->read_timeout;
}

void ws_connection::pause_reading() noexcept {
  is_paused_ = true;
  update_interest();
}

void ws_connection::resume_reading() {
  if (!std::exchange(is_paused_, false))
    return;
  renew_read_deadline();
  if (extras_ && state_ == state::open && !is_detached_)
    arm_timer(next_check(home_.now()));
  auto bytes = std::exchange(unread_, {});
  if (!bytes.empty() && state_ != state::lingering)
    feed(bytes);
  update_interest();
}

void ws_connection::update_interest() noexcept {
  if (state_ == state::finished || is_detached_)
    return;
  auto read = is_paused_ ? 0U : 1U;
  auto write = is_blocked_ || reading_must_write_ ? 2U : 0U;
  auto wanted = static_cast<io_interest>(read | write);
  if (wanted == interest_)
    return;
  interest_ = wanted;
  home_.loop.modify(socket_.descriptor(), *this, wanted);
}

} // namespace troupe::net
