#pragma once
#include "troupe/bytes.hpp"
#include "troupe/errc.hpp"

#include "protocol/opcode.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace troupe::net {

/// What a connection reports to whoever owns it: the upper half of the seam between sockets and
/// actors (the lower half is `ws_connection`).
///
/// Threading:  called on the connection's shard, never from inside a call of `ws_connection`'s
///             sending functions.
class connection_events {
public:
  /// One whole message. The bytes are valid, and may be changed, only during the call.
  /// @returns false to pause: nothing more is reported until `resume_reading`.
  virtual bool on_message(protocol::opcode type, std::span<std::byte> bytes) noexcept = 0;

  /// A piece of a message: instead of `on_message` where `ws_limits::in_parts` is on. The bytes are
  /// valid during the call. @returns false to pause.
  virtual bool on_part(protocol::opcode, byte_view, protocol::message_place) noexcept {
    return true;
  }

  /// A ping, where `ws_options::handles_ping` is on: no pong is sent but by this call.
  virtual void on_ping(byte_view) noexcept {}
  /// A pong, answer or not.
  virtual void on_pong(byte_view) noexcept {}
  /// The peer closes, where `ws_options::handles_close` is on: no close frame is sent but by this
  /// call, which may send last messages too. The connection ends behind what it sends.
  virtual void on_close_frame(std::uint16_t /*code*/, std::string_view /*reason*/) noexcept {}

  /// There is room for a piece of a message that `write_piece` turned away.
  virtual void on_drained() noexcept {}

  /// A message was discarded because the client sends too much.
  /// @returns whether the client could be told; if not, the connection closes at once.
  virtual bool on_rate_limited() noexcept = 0;

  /// A message was discarded for the same reason; of sessions only, which count messages.
  virtual void on_discarded(protocol::opcode, byte_view) noexcept {}

  /// A session has lost its socket and waits for another: see `ws_connection::keep_sent`.
  virtual void on_detached() noexcept {}

  /// The connection is over: nothing more is reported, nothing more is delivered. Called once.
  /// @param why   errc::ok after a close by either side's wish.
  /// @param code  close code the peer sent, or that was sent to it.
  virtual void on_closed(errc why, std::uint16_t code, std::string_view reason) noexcept = 0;

  /// The socket is closed too; the connection may be destroyed as soon as this call returned.
  virtual void on_finished() noexcept = 0;

protected:
  ~connection_events() = default;
};

} // namespace troupe::net
