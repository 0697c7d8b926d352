#pragma once
#include "troupe/bytes.hpp"
#include "troupe/compression.hpp"
#include "troupe/delivery.hpp"
#include "troupe/prepared_message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe {

class fragment_writer;

/// A piece of a message, reported as it arrived: see `endpoint::on_message_part`.
///
/// Pieces are cut anywhere, also inside of a character; text is checked as far as it came. Only the
/// last one may be empty. Ownership: a view, valid during the call.
struct message_part {
  byte_view bytes{};
  bool is_text = false;
  bool is_first = true;
  bool is_last = true;
};

/// A numeric address and a port.
struct socket_address {
  std::string address{}; ///< e.g. "192.0.2.1" or "2001:db8::1"
  std::uint16_t port = 0;
};

/// The WebSocket under a `connection`: frames, their compression, and the deadlines of one client.
///
/// Most applications need nothing of it: pings, deadlines and compression follow the endpoint's
/// limits, and nothing here has to be set. What is sent here has no event around it, so it is for
/// clients that speak raw.
///
/// Sending only queues, for all kinds of frames in one order, so it may be done from every handler
/// at any time; there is no lock and no second writer. The queue is the outbox that all connections
/// have, and its frames are shared: no connection owns a write buffer, so there is none to pool.
///
/// Threading:  as the connection's.
/// Lifetime:   as the connection's.
/// Errors:     verdicts; std::invalid_argument for arguments that no peer could understand.
class websocket_control {
public:
  using duration = std::chrono::milliseconds;

  websocket_control(const websocket_control&) = delete;
  websocket_control& operator=(const websocket_control&) = delete;

  /// One whole message, compressed as `how` says in place of `compress`.
  virtual verdict send_text(std::string_view text, const compression& how) = 0;
  virtual verdict send_binary(byte_view bytes, const compression& how) = 0;
  /// A message that was framed, and compressed, before.
  virtual verdict send(const prepared_message& message) = 0;

  /// Begins a message that is written in pieces. Until it is finished other messages wait behind
  /// it, pings, pongs and close frames do not. A message that was not finished is now.
  fragment_writer begin_text();
  fragment_writer begin_binary();

  /// Control frames of at most 125 bytes, in front of messages that wait for a `fragment_writer`.
  /// @param deadline  what was not written after this long is dropped, as it is when the outbox
  /// needs
  ///                  room; negative: at once; 0: it is never dropped.
  virtual verdict ping(byte_view payload, duration deadline) = 0;
  virtual verdict pong(byte_view payload, duration deadline) = 0;
  verdict ping(byte_view payload = {}) { return ping(payload, duration{0}); }
  verdict pong(byte_view payload = {}) { return pong(payload, duration{0}); }

  /// Whether the client agreed to permessage-deflate.
  virtual bool is_compressed() const noexcept = 0;
  /// How whole messages, messages in pieces and prepared ones are compressed from now on. Events
  /// are compressed for all clients at once, with the defaults.
  virtual void compress(const compression& how) = 0;

  /// The largest message it takes, from the next frame on; a larger one closes it with 1009.
  virtual void read_limit(std::size_t bytes) = 0;
  /// Closes it with 1008 when no whole message comes for this long, from now on; 0: never.
  virtual void read_timeout(duration timeout) = 0;
  /// Ends it when it takes no byte for this long; 0: never.
  virtual void write_timeout(duration timeout) = 0;

  /// Ends it at once: no close frame, and what is queued is lost.
  virtual void hang_up() = 0;

  /// This end of the connection; `request().remote_address()` is the other.
  virtual socket_address local_address() const = 0;
  /// The socket, to set options on: do not read, write or close it.
  virtual int native_handle() const noexcept = 0;

  // -- for `fragment_writer` ----
  virtual std::uint32_t begin_message(bool is_text) = 0;
  virtual verdict write_piece(std::uint32_t number, byte_view piece, bool is_last) = 0;

protected:
  websocket_control() = default;
  ~websocket_control() = default;
};

/// Writes one message to a connection in pieces; each leaves as a fragment of its own.
///
/// A piece for which the outbox has no room is turned away with verdict `dropped`, and nothing else
/// happens: write it again when the endpoint's `on_drained` hook is called. So a message of any
/// length costs no more memory than the outbox may have.
///
/// Threading:  as the connection's.
/// Lifetime:   a handle that may be copied; use it no longer than the connection exists.
/// Errors:     `closed` once the message is finished, also because another one was begun.
class fragment_writer {
public:
  fragment_writer() noexcept = default;
  fragment_writer(websocket_control& to, std::uint32_t number) noexcept
      : to_{&to}, number_{number} {}

  verdict write(byte_view piece) { return put(piece, false); }
  verdict write(std::string_view piece) { return put(as_bytes(piece), false); }
  /// Ends the message, with a last piece or without.
  verdict finish(byte_view piece = {}) { return put(piece, true); }
  verdict finish(std::string_view piece) { return put(as_bytes(piece), true); }

private:
  verdict put(byte_view piece, bool is_last) {
    return to_ != nullptr ? to_->write_piece(number_, piece, is_last) : verdict::closed;
  }

  websocket_control* to_ = nullptr;
  std::uint32_t number_ = 0;
};

inline fragment_writer websocket_control::begin_text() {
  return {*this, begin_message(true)};
}

inline fragment_writer websocket_control::begin_binary() {
  return {*this, begin_message(false)};
}

} // namespace troupe
