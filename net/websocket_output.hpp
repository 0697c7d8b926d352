#pragma once
#include "troupe/bytes.hpp"
#include "troupe/compression.hpp"
#include "troupe/prepared_message.hpp"
#include "troupe/result.hpp"
#include "troupe/websocket_types.hpp"

#include "net/client_channel.hpp"
#include "net/turn.hpp"
#include "net/waiting.hpp"
#include "protocol/opcode.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

namespace troupe::net {

/// What one end of a WebSocket, the client, writes: messages in whole or piece by piece, and
/// control frames between the pieces.
///
/// There are two turns: one for a message, which may stay open for long, and one for a frame.
///
/// Threading:  any number of threads.
/// Errors:     by `websocket_status`. When a frame or a message was cut off nothing can be written
///             any more.
class websocket_output {
public:
  websocket_output(client_channel& channel, std::size_t buffer_bytes, bool is_compressed);

  websocket_status write_message(protocol::opcode op, byte_view content);
  websocket_status write_prepared(const prepared_message& message);
  websocket_status write_control(protocol::opcode op, std::string_view content,
                                 time_point deadline);

  /// Begins a message in pieces. @returns its number
  result<std::uint64_t, websocket_status> begin(protocol::opcode op);
  websocket_status write(std::uint64_t number, byte_view bytes);
  websocket_status finish(std::uint64_t number);

  void set_deadline(time_point when) noexcept { deadline_.set(when); }
  time_point deadline() const noexcept { return deadline_.at(); }
  websocket_status set_compression(const compression& how);

  bool has_sent_close() const noexcept { return has_sent_close_; }
  /// Nobody waits for a turn any more.
  void give_up();

private:
  /// A frame to be.
  struct outgoing_frame {
    protocol::opcode op;
    protocol::message_place place{};
    bool is_compressed = false;
    byte_view payload{};
  };

  /// The message that is being written piece by piece.
  struct open_message {
    protocol::opcode op = protocol::opcode::binary;
    bool is_first = true; ///< nothing of it was sent
    compression how{};
    std::vector<std::byte> buffer;
    websocket_status failure{}; ///< a piece is missing: nothing may follow it
  };

  websocket_status take_message_turn();
  void give_back_message_turn();
  compression chosen_compression() const;
  bool is_open(std::uint64_t number) const;
  const websocket_status& send_piece(bool is_last);

  websocket_status send(const outgoing_frame& frame, time_point deadline);
  errc write_masked(const outgoing_frame& frame, time_point deadline);
  static websocket_status failed_with(errc code);
  websocket_status why_not() const;

  client_channel& channel_;
  const std::size_t buffer_bytes_;
  const bool is_compressed_;
  shared_deadline deadline_;

  mutable std::mutex guard_; ///< of the four below
  compression how_;
  std::thread::id writer_;        ///< who has the message turn
  std::uint64_t open_number_ = 0; ///< 0 = no message is open
  std::uint64_t last_number_ = 0;

  turn message_turn_; ///< protects `message_`
  open_message message_;

  turn frame_turn_; ///< protects `frame_buffer_`
  std::vector<std::byte> frame_buffer_;
  std::atomic<errc> failure_ = errc::ok; ///< a frame or message was cut off
  std::atomic<bool> has_sent_close_ = false;
};

} // namespace troupe::net
