#include "net/websocket_input.hpp"

#include "protocol/close_code.hpp"

#include <algorithm>
#include <exception>
#include <limits>

namespace troupe::net {
namespace {

constexpr std::size_t min_buffer_bytes = 256;

/// What `handler` says; what it throws counts as a failure.
template <class Handler, class... Args>
websocket_status call(const Handler& handler, const Args&... args) noexcept {
  try {
    return handler(args...);
  } catch (const std::exception& problem) {
    return {errc::handler_failed, 0, problem.what()};
  } catch (...) {
    return {errc::handler_failed, 0, "A handler threw something that is no exception."};
  }
}

websocket_status inside_handler() {
  return {errc::refused, 0, "Handlers run inside the reading calls and must not read."};
}

std::size_t to_limit(std::size_t bytes) noexcept {
  return bytes == 0 ? std::numeric_limits<std::size_t>::max() : bytes;
}

/// How a connection ends that `got` nothing more.
websocket_status end_of(const client_channel::outcome& got) {
  switch (got.code) {
  case errc::timed_out:
    return {errc::timed_out, 0, "Nothing came in time."};
  case errc::closed:
    return {errc::closed, 0, "The connection was dropped."};
  default:
    return {errc::connection_lost, static_cast<std::uint16_t>(close_code::abnormal),
            "The connection ended without a close frame."};
  }
}

} // namespace

websocket_input::websocket_input(client_channel& channel, websocket_output& output, settings how)
    : channel_{channel},
      output_{output},
      inflater_{how.is_compressed ? std::make_unique<protocol::inflater>() : nullptr},
      buffer_{std::move(how.received)},
      buffer_end_{buffer_.size()} {
  buffer_.resize(std::max({buffer_.size(), how.buffer_bytes, min_buffer_bytes}));
  limits_.max_fragments = std::numeric_limits<std::size_t>::max();
  limits_.in_parts = true;
  set_limit(how.message_bytes);
}

void websocket_input::set_limit(std::size_t bytes) noexcept {
  limits_.max_message_bytes = to_limit(bytes);
}

void websocket_input::set_deadline(time_point when) noexcept {
  deadline_.set(when);
  channel_.wake();
}

/// Runs `read` as the only reader.
template <class Read>
auto websocket_input::alone(Read read) -> decltype(read()) {
  if (is_reader())
    return inside_handler();
  if (!turn_.take(deadline_.at()))
    return end_of({errc::timed_out});
  const turn_guard mine{turn_};
  struct mark {
    explicit mark(std::atomic<std::thread::id>& at) : at_{at} { at_ = std::this_thread::get_id(); }
    mark(const mark&) = delete;
    mark& operator=(const mark&) = delete;
    ~mark() { at_ = std::thread::id{}; }
    std::atomic<std::thread::id>& at_;
  };
  const mark reading{reader_thread_};
  return read();
}

// -- messages -----------------------------------------------------------------------

result<websocket_input::message, websocket_status> websocket_input::next() {
  return alone([this]() -> result<message, websocket_status> {
    if (!begin_message())
      return failure_;
    return message{type_, number_};
  });
}

/// Skips what is left of the current message and waits for another one.
bool websocket_input::begin_message() {
  while (!is_last_piece_)
    if (!pull())
      return false;
  if (!pull())
    return false;
  ++number_;
  return true;
}

result<std::size_t, websocket_status> websocket_input::read(std::uint64_t number,
                                                            std::span<std::byte> into) {
  return alone([&]() -> result<std::size_t, websocket_status> {
    if (number != number_)
      return std::size_t{0};
    while (piece_used_ == piece_.size()) {
      if (is_last_piece_)
        return std::size_t{0};
      if (!pull())
        return failure_;
    }
    const auto count = std::min(into.size(), piece_.size() - piece_used_);
    std::copy_n(piece_.begin() + static_cast<std::ptrdiff_t>(piece_used_), count, into.begin());
    piece_used_ += count;
    return count;
  });
}

result<websocket_message, websocket_status> websocket_input::read_message() {
  return alone([this]() -> result<websocket_message, websocket_status> {
    if (!begin_message())
      return failure_;
    return collect(type_);
  });
}

result<websocket_message, websocket_status> websocket_input::read_rest(std::uint64_t number) {
  return alone([&]() -> result<websocket_message, websocket_status> {
    return number == number_ ? collect(type_) : websocket_message{};
  });
}

/// What is left of the current message.
result<websocket_message, websocket_status> websocket_input::collect(message_type type) {
  websocket_message whole{type, {}};
  append_rest(whole);
  while (!is_last_piece_) {
    if (!pull())
      return failure_;
    append_rest(whole);
  }
  return whole;
}

void websocket_input::append_rest(websocket_message& to) {
  if (to.bytes.empty() && piece_used_ == 0)
    std::swap(to.bytes, piece_);
  else
    to.bytes.insert(to.bytes.end(), piece_.begin() + static_cast<std::ptrdiff_t>(piece_used_),
                    piece_.end());
  piece_.clear();
  piece_used_ = 0;
}

websocket_status websocket_input::drain() {
  return alone([this] {
    while (pull()) {
    }
    if (failure_.code != errc::closed || failure_.close_code == 0)
      return failure_;
    for (bool is_open = true; is_open;) {
      const auto got = channel_.read(buffer_, deadline_);
      is_open = got.code == errc::ok && got.bytes != 0;
    }
    return failure_;
  });
}

// -- pieces -------------------------------------------------------------------------

/// Waits for the next piece of a message. @returns false when there will be none
bool websocket_input::pull() {
  has_piece_ = false;
  while (!has_piece_ && failure_) {
    if (buffer_begin_ == buffer_end_)
      receive();
    else
      feed();
  }
  return has_piece_;
}

void websocket_input::receive() {
  const auto got = channel_.read(buffer_, deadline_);
  buffer_begin_ = 0;
  buffer_end_ = got.bytes;
  if (got.code != errc::ok || got.bytes == 0)
    failure_ = end_of(got);
}

void websocket_input::feed() {
  const auto arrived = std::span{buffer_}.subspan(buffer_begin_, buffer_end_ - buffer_begin_);
  const auto done = reader_.feed(arrived, *this, limits_, inflater_.get());
  buffer_begin_ += done.consumed;
  if (done.error != errc::ok)
    fail(done.error);
}

/// The other side broke a rule: it is told so, if that is possible soon.
void websocket_input::fail(errc error) {
  has_piece_ = false;
  const auto text = error == errc::message_too_big ? std::string_view{} : to_string(error);
  output_.write_control(protocol::opcode::close,
                        format_close_message(protocol::to_close_code(error), text),
                        std::chrono::steady_clock::now() + std::chrono::seconds{1});
  failure_ = {error, 0, std::string{to_string(error)}};
}

bool websocket_input::on_frame(bool, std::size_t) noexcept {
  return true;
}

bool websocket_input::on_message(protocol::opcode op, std::span<std::byte> bytes) {
  return on_part(op, bytes, {});
}

bool websocket_input::on_part(protocol::opcode op, std::span<std::byte> bytes,
                              protocol::message_place place) {
  type_ = op == protocol::opcode::text ? message_type::text : message_type::binary;
  piece_.assign(bytes.begin(), bytes.end());
  piece_used_ = 0;
  has_piece_ = true;
  is_last_piece_ = place.is_last;
  return false;
}

bool websocket_input::on_ping(byte_view content) noexcept {
  return settle(call(on_.ping, as_text(content)));
}

bool websocket_input::on_pong(byte_view content) noexcept {
  return settle(call(on_.pong, as_text(content)));
}

bool websocket_input::on_close(std::uint16_t code, std::string_view text) noexcept {
  if (settle(call(on_.close, code, text)))
    failure_ = {errc::closed, code, std::string{text}};
  return false;
}

/// Ends reading if a handler has failed.
bool websocket_input::settle(const websocket_status& handled) noexcept {
  if (!handled)
    failure_ = handled;
  return bool{handled};
}

} // namespace troupe::net
