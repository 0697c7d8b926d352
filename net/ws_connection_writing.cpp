#include "net/reactor.hpp"
#include "net/ws_connection.hpp"
#include "net/ws_extras.hpp"
#include "protocol/deflate.hpp"
#include "protocol/ws_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

// The sending half of ws_connection: messages, control frames, messages in pieces, the way out.

namespace troupe::net {

using protocol::opcode;

namespace {

/// Private frames get this much room at least, so that following messages can share them.
constexpr std::size_t private_frame_bytes = 496;

} // namespace

std::size_t ws_connection::queued_bytes() const noexcept {
  return outbox_.bytes() + (extras_ ? extras_->waiting.bytes() : 0);
}

/// Where a message goes: behind the one that is being written in pieces or held back, unless it
/// takes the place of one that was queued before.
outbox& ws_connection::box_for(const delivery& how) {
  if (!has_waiting_box())
    return outbox_;
  const bool replaces = how.cls == delivery_class::latest && outbox_.holds_latest(how.key);
  return replaces ? outbox_ : extras_->waiting;
}

/// A session may owe its client the whole ring on top.
std::size_t ws_connection::outbox_limit() const noexcept {
  const auto* ring = sent();
  return options_.limits.outbox_bytes + (ring != nullptr ? ring->limit() : 0);
}

/// The bound of `box`: both together keep the limit.
std::size_t ws_connection::room_for(const outbox& box) const noexcept {
  const auto limit = outbox_limit();
  return has_waiting_box() ? limit - std::min(limit, queued_bytes() - box.bytes()) : limit;
}

verdict ws_connection::send(const protocol::frame_ptr& frame, const delivery& how,
                            flush_time when) {
  if (state_ != state::open)
    return verdict::closed;
  auto& box = box_for(how);
  auto result = box.push(frame, how, home_.now(), room_for(box), home_.pool);
  if (result == verdict::overflow)
    abandon(errc::slow_consumer);
  else if (when == flush_time::turn_end)
    home_.mark_dirty(*this);
  return result;
}

void ws_connection::request_flush() noexcept {
  if (queued_bytes() != 0)
    home_.mark_dirty(*this);
}

compression ws_connection::packing() const noexcept {
  auto how = extras_ ? extras_->packing : options_.packing;
  how.enabled = how.enabled && compression_;
  return how;
}

void ws_connection::hold_back() {
  if (state_ != state::open || is_streaming_)
    return;
  more().asked_how_far = false;
  is_held_back_ = true;
}

void ws_connection::let_go() noexcept {
  if (!std::exchange(is_held_back_, false))
    return;
  outbox_.take_all(extras_->waiting);
  request_flush();
}

bool ws_connection::is_holding() const noexcept {
  return is_held_back_ && !extras_->waiting.is_empty();
}

void ws_connection::ask_how_far() {
  if (!std::exchange(extras_->asked_how_far, true))
    push_control(protocol::make_frame(opcode::ping, as_bytes(held_ping)));
}

verdict ws_connection::send(opcode type, byte_view payload, const compression& how) {
  if (state_ != state::open)
    return verdict::closed;
  if (compression_ && how.enabled && payload.size() >= how.threshold)
    return send(protocol::thread_deflater().make_frame(type, payload, how.level));
  std::array<std::byte, protocol::max_ws_header_bytes> header;
  auto size = protocol::write_header(header.data(), type, payload.size(), false);
  byte_view head{header.data(), size};
  auto& box = box_for({});
  if (box.append(head, payload, room_for(box))) {
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

verdict ws_connection::send_control(opcode type, byte_view payload,
                                    std::chrono::milliseconds deadline) {
  if (state_ != state::open)
    return verdict::closed;
  if (deadline < deadline.zero() || is_detached_)
    return verdict::dropped;
  auto frame = protocol::make_frame(type, payload);
  if (deadline == deadline.zero()) {
    push_control(std::move(frame));
    return state_ == state::open ? verdict::queued : verdict::overflow;
  }
  auto result = outbox_.push(std::move(frame), droppable(255, deadline), home_.now(),
                             options_.limits.outbox_bytes, home_.pool);
  home_.mark_dirty(*this);
  return result;
}

// -- messages in pieces -------------------------------------------------------

std::uint32_t ws_connection::begin_stream(opcode type) {
  if (state_ != state::open || sent() != nullptr)
    return 0;
  let_go();
  auto& all = more();
  if (is_streaming_ && push_piece({}, {.is_first = !all.is_begun}, SIZE_MAX) == verdict::queued)
    end_stream();
  all.type = type;
  all.is_packed = packing().enabled;
  all.is_begun = false;
  all.wants_room = false;
  is_streaming_ = true;
  return ++all.stream;
}

verdict ws_connection::write_piece(std::uint32_t stream, byte_view piece, bool is_last) {
  if (state_ != state::open || !is_streaming_ || stream != extras_->stream)
    return verdict::closed;
  if (piece.empty() && !is_last)
    return verdict::queued;
  const auto result =
      push_piece(piece, {.is_first = !extras_->is_begun, .is_last = is_last}, room_for(outbox_));
  if (result == verdict::overflow) {
    extras_->wants_room = true;
    return verdict::dropped;
  }
  if (is_last)
    end_stream();
  return result;
}

verdict ws_connection::push_piece(byte_view piece, protocol::message_place place,
                                  std::size_t limit) {
  auto& all = *extras_;
  auto fragment = all.is_packed ? protocol::thread_deflater().make_fragment(all.type, piece, place,
                                                                            all.packing.level)
                                : protocol::make_fragment(all.type, piece, place);
  const auto result = outbox_.push(std::move(fragment), {}, home_.now(), limit, home_.pool);
  if (result != verdict::queued)
    return result;
  all.is_begun = true;
  home_.mark_dirty(*this);
  return result;
}

void ws_connection::end_stream() noexcept {
  is_streaming_ = false;
  outbox_.take_all(extras_->waiting);
}

void ws_connection::report_drained() {
  if (!is_streaming_ || outbox_.bytes() > options_.limits.outbox_bytes / 2)
    return;
  if (std::exchange(extras_->wants_room, false))
    events_.on_drained();
}

// -- the way out --------------------------------------------------------------

void ws_connection::push_control(protocol::frame_ptr frame) {
  // A control frame is small and must not be refused, except to a peer that takes nothing at all.
  auto limit = 2 * outbox_limit() + protocol::max_control_bytes;
  if (is_detached_)
    return;
  if (outbox_.push(std::move(frame), {}, home_.now(), limit, home_.pool) == verdict::overflow)
    return abandon(errc::slow_consumer);
  home_.mark_dirty(*this);
}

void ws_connection::flush() noexcept {
  if (is_detached_ && state_ == state::open)
    return report_detached();
  report();
  if (state_ == state::finished)
    return events_.on_finished();
  if (is_holding())
    ask_how_far();
  outbox_.expire(home_.now(), home_.pool);
  while (!outbox_.is_empty() && !is_blocked_ && write_once())
    ;
  if (state_ == state::lingering && outbox_.is_empty() && !std::exchange(said_all_, true))
    say_goodbye();
  report_drained();
  update_interest();
}

void ws_connection::say_goodbye() {
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
    outbox_.consume(wrote.bytes, home_.pool, sent());
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
    outbox_.freeze(parts, home_.pool, sent());
  if (state_ == state::open)
    arm_timer(next_check(home_.now()));
}

} // namespace troupe::net
