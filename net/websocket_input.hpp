#pragma once
#include "troupe/websocket.hpp"

#include "net/client_channel.hpp"
#include "net/turn.hpp"
#include "net/websocket_output.hpp"
#include "protocol/deflate.hpp"
#include "protocol/ws_reader.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <thread>
#include <vector>

namespace troupe::net {

/// What one end of a WebSocket, the client, reads: messages piece by piece; control frames go to
/// the handlers as they come.
///
/// Threading:  one thread reads at a time, others wait; the deadline may be set on any thread.
/// Errors:     by `websocket_status`; the first one is repeated for ever.
class websocket_input {
public:
  struct settings {
    std::size_t buffer_bytes = 4096;
    std::size_t message_bytes = 0; ///< 0 = any
    bool is_compressed = false;
    std::vector<std::byte> received; ///< what came behind the handshake
  };

  struct handlers {
    websocket::control_handler ping;
    websocket::control_handler pong;
    websocket::close_handler close;
  };

  websocket_input(client_channel& channel, websocket_output& output, settings how);

  handlers& on() noexcept { return on_; }
  void set_limit(std::size_t bytes) noexcept;
  void set_deadline(time_point when) noexcept;

  /// The beginning of a message.
  struct message {
    message_type type;
    std::uint64_t number;
  };
  result<message, websocket_status> next();
  /// More of message `number`; 0 at its end, and when another one has begun.
  result<std::size_t, websocket_status> read(std::uint64_t number, std::span<std::byte> into);
  result<websocket_message, websocket_status> read_message();
  result<websocket_message, websocket_status> read_rest(std::uint64_t number);

  /// Reads to the end of the connection. @returns how it ended
  websocket_status drain();

  /// Whether the calling thread is inside a reading call: a handler is.
  bool is_reader() const noexcept { return reader_thread_ == std::this_thread::get_id(); }

  // What `reader_` reports.
  bool on_frame(bool is_control_frame, std::size_t wire_bytes) noexcept;
  bool on_message(protocol::opcode op, std::span<std::byte> bytes);
  bool on_part(protocol::opcode op, std::span<std::byte> bytes, protocol::message_place place);
  bool on_ping(byte_view content) noexcept;
  bool on_pong(byte_view content) noexcept;
  bool on_close(std::uint16_t code, std::string_view text) noexcept;

private:
  template <class Read>
  auto alone(Read read) -> decltype(read());

  bool pull();
  void receive();
  void feed();
  bool begin_message();
  void append_rest(websocket_message& to);
  result<websocket_message, websocket_status> collect(message_type type);
  bool settle(const websocket_status& handled) noexcept;
  void fail(errc error);

  client_channel& channel_;
  websocket_output& output_;
  handlers on_;
  shared_deadline deadline_;
  turn turn_; ///< protects all below
  std::atomic<std::thread::id> reader_thread_{};

  protocol::ws_reader reader_{protocol::ws_role::client};
  protocol::ws_limits limits_;
  const std::unique_ptr<protocol::inflater> inflater_; ///< null unless compression was agreed on
  std::vector<std::byte> buffer_;
  std::size_t buffer_begin_ = 0; ///< of what has arrived and was not read
  std::size_t buffer_end_ = 0;
  websocket_status failure_; ///< why nothing more is read

  std::uint64_t number_ = 0; ///< of the current message; 0 = there was none
  message_type type_ = message_type::binary;
  std::vector<std::byte> piece_; ///< of the current message
  std::size_t piece_used_ = 0;
  bool has_piece_ = false;
  bool is_last_piece_ = true;
};

} // namespace troupe::net
