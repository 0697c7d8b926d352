#include "net/websocket_core.hpp"

#include "protocol/opcode.hpp"

#include <utility>

namespace troupe::net {
namespace {

constexpr std::chrono::seconds reply_time{1};

time_point soon() {
  return std::chrono::steady_clock::now() + reply_time;
}

} // namespace

websocket_core::websocket_core(std::unique_ptr<client_channel> channel, websocket_settings settings)
    : channel_{std::move(channel)},
      settings_{std::move(settings)},
      output_{*channel_, settings_.write_buffer_bytes, settings_.is_compressed},
      input_{*channel_,
             output_,
             {settings_.read_buffer_bytes, settings_.message_bytes, settings_.is_compressed,
              settings_.input}} {
  reply_to_ping({});
  reply_to_pong({});
  reply_to_close({});
}

void websocket_core::reply_to_ping(websocket::control_handler handler) {
  if (!handler)
    handler = [this](std::string_view content) {
      output_.write_control(protocol::opcode::pong, content, soon()); // reading goes on without
      return websocket_status{};
    };
  input_.on().ping = std::move(handler);
}

void websocket_core::reply_to_pong(websocket::control_handler handler) {
  if (!handler)
    handler = [](std::string_view) { return websocket_status{}; };
  input_.on().pong = std::move(handler);
}

void websocket_core::reply_to_close(websocket::close_handler handler) {
  if (!handler)
    handler = [this](std::uint16_t code, std::string_view) {
      output_.write_control(protocol::opcode::close,
                            format_close_message(static_cast<close_code>(code)), soon());
      return websocket_status{};
    };
  input_.on().close = std::move(handler);
}

websocket_status websocket_core::close(close_code code, std::string_view text,
                                       std::chrono::milliseconds timeout) {
  if (input_.is_reader())
    return {errc::refused, 0, "Handlers run inside the reading calls and must not close."};
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  if (!output_.has_sent_close())
    output_.write_control(protocol::opcode::close, format_close_message(code, text), deadline);
  input_.set_deadline(deadline);
  auto ended = input_.drain();
  const bool is_in_order = ended.code == errc::closed && ended.close_code != 0;
  if (is_in_order)
    channel_->end_output(); // TLS says good-bye, too
  drop();
  return is_in_order ? websocket_status{} : ended;
}

void websocket_core::drop() noexcept {
  channel_->drop();
  output_.give_up();
}

} // namespace troupe::net
