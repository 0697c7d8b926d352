#pragma once
#include "tests/integration/support/byte_stream.hpp"
#include "tests/integration/support/http_client.hpp"
#include "tests/support/ws_frames.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::test {

/// A frame of the server.
struct server_frame {
  std::uint8_t first_byte = 0;
  std::string payload;

  int opcode() const noexcept { return first_byte & 0x0F; }
};

/// How a connection ended: the close code the server sent, or 0 if it hung up without one.
struct ending {
  int code = 0;
  std::string reason;
};

/// A WebSocket client that does exactly what a test says, right or wrong. Pings are answered only
/// by `next_message`.
class ws_client {
public:
  /// @throws std::runtime_error if the server refuses.
  ws_client(std::unique_ptr<byte_stream> stream, std::string_view target,
            std::string_view fields = {});
  ws_client(std::uint16_t port, std::string_view target, std::string_view fields = {})
      : ws_client{std::make_unique<tcp_client>(port), target, fields} {}

  const http_answer& answer() const noexcept { return answer_; }
  byte_stream& stream() noexcept { return *stream_; }
  tcp_client& socket() { return dynamic_cast<tcp_client&>(*stream_); }

  /// Whether some of the next frame has been read already.
  bool has_bytes() const noexcept { return !buffer_.empty(); }

  void send(std::string_view bytes) { stream_->send(bytes); }
  void send_text(std::string_view content) { send(client_frame(fin | text, content)); }
  void send_binary(std::string_view content) { send(client_frame(fin | binary, content)); }
  void send_close(int code, std::string_view reason = {}) {
    send(client_frame(fin | closing, close_payload(code, reason)));
  }

  /// The next frame; none at the end of the stream.
  std::optional<server_frame> next_frame(std::chrono::milliseconds deadline = patience);
  /// The next text or binary message; pings are answered. @throws at the end of the stream.
  std::string next_message();
  /// Skips everything up to the close frame or the end of the stream.
  ending wait_close(std::chrono::milliseconds deadline = patience);
  /// Whether the server hangs up within `deadline`.
  bool wait_end(std::chrono::milliseconds deadline = patience);

private:
  bool receive_until(std::size_t size, std::chrono::milliseconds deadline);

  std::unique_ptr<byte_stream> stream_;
  http_answer answer_;
  std::string buffer_;
};

/// The close code in a frame's payload; 1005 if it is empty.
int close_code_of(const server_frame& frame);

} // namespace troupe::test
