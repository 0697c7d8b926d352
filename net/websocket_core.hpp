#pragma once
#include "troupe/websocket.hpp"

#include "net/client_channel.hpp"
#include "net/websocket_input.hpp"
#include "net/websocket_output.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace troupe::net {

/// What a WebSocket is made with, once the handshake is done.
struct websocket_settings {
  std::size_t read_buffer_bytes = 4096;
  std::size_t write_buffer_bytes = 4096;
  std::size_t message_bytes = std::size_t{16} * 1024 * 1024; ///< 0 = any
  bool is_compressed = false;
  std::string subprotocol{};
  handshake_response handshake{};
  std::vector<std::byte> input{}; ///< what came behind the handshake
};

/// The shared part of a `websocket`, its readers and its writers.
///
/// Threading:  as `websocket`.
/// Ownership:  owns the connection.
/// Errors:     by `websocket_status`.
class websocket_core {
public:
  websocket_core(std::unique_ptr<client_channel> channel, websocket_settings settings);

  websocket_input& input() noexcept { return input_; }
  websocket_output& output() noexcept { return output_; }
  const websocket_settings& settings() const noexcept { return settings_; }
  const client_channel& channel() const noexcept { return *channel_; }

  websocket_status close(close_code code, std::string_view text, std::chrono::milliseconds timeout);
  void drop() noexcept;

  void reply_to_ping(websocket::control_handler handler);
  void reply_to_pong(websocket::control_handler handler);
  void reply_to_close(websocket::close_handler handler);

private:
  const std::unique_ptr<client_channel> channel_;
  const websocket_settings settings_;
  websocket_output output_;
  websocket_input input_;
};

} // namespace troupe::net
