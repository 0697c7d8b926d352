#pragma once
#include "troupe/websocket.hpp"

#include "net/websocket_core.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace troupe::test {

/// A client's websocket whose server is the test: two connected sockets, no network, no handshake.
///
/// Threading:  one thread, and the websocket's own rules.
/// Errors:     throws std::system_error.
class websocket_pair {
public:
  explicit websocket_pair(net::websocket_settings settings = {});
  websocket_pair(const websocket_pair&) = delete;
  websocket_pair& operator=(const websocket_pair&) = delete;
  ~websocket_pair();

  /// Bytes from the server.
  void send(std::string_view bytes);
  /// A frame from the server. @param first_byte  see tests/support/ws_frames.hpp
  void send_frame(int first_byte, std::string_view payload);
  /// The server ends the connection.
  void hang_up();

  /// The bytes that the client has written since the last call.
  std::string written();
  /// Takes them off the socket for `heard`, so that the client can write on.
  void collect() { collected_ += written(); }
  /// All since the last call, as a strict server understands them (see ws_recorder), frames
  /// included.
  std::vector<std::string> heard(bool notes_frames = false);

  websocket client;

private:
  websocket_pair(net::websocket_settings settings, std::pair<int, int> ends);
  int server_;
  std::string collected_;
};

/// A frame as a server sends it.
std::string server_frame(int first_byte, std::string_view payload);

/// The message, or "error CODE CLOSE-CODE text".
std::string read_text(websocket& from);

std::string describe(const websocket_status& status);

} // namespace troupe::test
