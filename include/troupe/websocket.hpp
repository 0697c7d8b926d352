#pragma once
#include "troupe/compression.hpp"
#include "troupe/message_stream.hpp"
#include "troupe/prepared_message.hpp"
#include "troupe/result.hpp"
#include "troupe/websocket_types.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

/// What a server answered to an opening handshake.
struct handshake_response {
  int status = 0;       ///< of HTTP; 101 = upgraded
  std::string reason{}; ///< behind the status
  std::vector<std::pair<std::string, std::string>> fields{};
  std::string body{}; ///< of a refusal: at most its first 1,024 bytes

  /// The first field of this name, in any case.
  std::optional<std::string_view> field(std::string_view name) const noexcept;
};

/// One WebSocket as its client sees it, over TLS or not, with calls that wait: `troupe::dial` makes
/// it. It speaks no protocol on top and does not come back when it is lost; `troupe::client` does.
///
/// Pings and close frames are noticed while a call reads: a program that only writes must still
/// read. By default a ping is answered by a pong, a close frame by one with the same code.
///
/// Threading:  one thread may read while any number of threads write: writes take turns, whole
///             messages do not mix. Deadlines, handlers, `drop` and `close` may be used on any
///             thread; a change of the read deadline and `drop` also reach a call that waits.
///             Handlers run inside the reading calls and must not read or `close`. Moving and
///             destroying need the websocket for themselves.
/// Lifetime:   the destructor drops the connection without a closing handshake.
/// Errors:     by `websocket_status`, nothing is thrown but std::bad_alloc. Once reading or writing
///             has failed it fails in the same way for ever; only a write whose deadline passed
///             while it waited for its turn leaves the websocket usable.
class websocket {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit websocket(std::shared_ptr<net::websocket_core> core) noexcept;
  websocket(websocket&& other) noexcept = default;
  websocket& operator=(websocket&& other) noexcept;
  ~websocket();

  // -- reading ------------------------------------------------------------------

  /// Waits for a message: text, which is valid UTF-8, or binary.
  result<websocket_message, websocket_status> read_message();

  /// Waits for a message to begin; what was left of the one before is skipped.
  result<message_reader, websocket_status> next_reader();

  /// The largest message that is taken, in bytes, inflated; 0 = any. Beyond it the connection is
  /// closed with 1009. To be set before reading, or inside a handler.
  void set_read_limit(std::size_t bytes);

  /// When reading gives up; the default, `time_point{}`, is never.
  void set_read_deadline(time_point when);

  // -- writing ------------------------------------------------------------------

  /// Sends one message in one frame; control messages as `write_control` with the write deadline.
  /// Text must be UTF-8.
  websocket_status write_message(message_type type, byte_view content);
  websocket_status write_text(std::string_view content) {
    return write_message(message_type::text, as_bytes(content));
  }
  websocket_status write_binary(byte_view content) {
    return write_message(message_type::binary, content);
  }

  /// Begins a message that is written piece by piece; ends one that the same thread has begun.
  result<message_writer, websocket_status> next_writer(message_type type);

  /// Sends a message that is compressed at most once, however many websockets it goes to.
  websocket_status write_prepared(const prepared_message& message);

  /// Sends a close, ping or pong frame with at most 125 bytes, also between the fragments of
  /// another thread's message. `deadline` bounds everything; `time_point{}` = none.
  websocket_status write_control(message_type type, std::string_view content,
                                 time_point deadline = {});

  /// When writing messages gives up; the default, `time_point{}`, is never. Counts from the next
  /// write on.
  void set_write_deadline(time_point when);

  /// For the messages that begin from now on. It shows only where the server has agreed to
  /// compression. @returns `bad_arguments` for a level that there is not.
  websocket_status set_compression(const compression& how);

  // -- control frames -------------------------------------------------------------

  using control_handler = std::function<websocket_status(std::string_view content)>;
  using close_handler = std::function<websocket_status(std::uint16_t code, std::string_view text)>;

  /// Replaces what happens when a control frame comes; an empty function restores the default. If
  /// the handler returns a failure, reading ends with it. Set them before reading.
  void on_ping(control_handler handler); ///< default: a pong, tried for a second
  void on_pong(control_handler handler); ///< default: nothing
  void on_close(close_handler handler);  ///< default: the same code back, tried for a second
  const control_handler& ping_handler() const noexcept;
  const control_handler& pong_handler() const noexcept;
  const close_handler& close_frame_handler() const noexcept;

  // -- the end ------------------------------------------------------------------

  /// Shakes hands and closes: sends a close frame unless one was sent, skips what still comes, and
  /// waits for the server to end the connection, all of it at most for `timeout`.
  /// @returns `ok` if the server's close frame came, else why not.
  websocket_status close(close_code code = close_code::normal, std::string_view text = {},
                         std::chrono::milliseconds timeout = std::chrono::seconds{2});

  /// Ends the connection at once, without a close frame. Calls that wait return.
  void drop() noexcept;

  // -- about the connection -------------------------------------------------------

  const std::string& subprotocol() const noexcept; ///< agreed on; empty = none
  bool is_compressed() const noexcept;             ///< permessage-deflate was agreed on
  const handshake_response& handshake() const noexcept;
  std::string local_address() const;  ///< "192.0.2.1:80", "[::1]:80"; empty if not TCP
  std::string remote_address() const; ///< of the server, or of the proxy
  int descriptor() const noexcept;    ///< of the socket, for its options only

private:
  std::shared_ptr<net::websocket_core> core_;
};

} // namespace troupe
