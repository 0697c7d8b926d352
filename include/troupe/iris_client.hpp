#pragma once
#include "troupe/client_types.hpp"
#include "troupe/handler.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

namespace net {
class iris_runner;
}

/// One event as a handler of an `iris_client` may see it. Views are valid during the call.
struct iris_incoming {
  std::string_view event; ///< its name
  payload_view content;   ///< the text that came, or raw bytes if the event says so
};

/// A client of the legacy iris websocket protocol (iris up to version 11, go-websocket), for
/// kataras' servers and ours; it comes back when its connection is lost.
///
///     troupe::iris_client client{{.url = "ws://127.0.0.1:8080/echo"}};
///     client.on("chat", [](std::string text) { ... });
///     if (const auto status = client.connect(); !status)
///       return fail(status.text);
///     client.emit("chat", "hello");
///
/// An event carries one value: a text, a number, a boolean, bytes, or JSON, which is also what
/// becomes of several arguments. The protocol has no answers and no rooms: applications make them
/// of events. Of the options `ask_timeout` and `clock_interval` mean nothing here.
///
/// Threading:  set handlers before connecting. Everything else may be called from any thread, also
///             inside handlers, unless it says otherwise. Handlers run one at a time on the
///             client's own thread.
/// Lifetime:   the destructor closes the connection and waits for the thread; it must not run
///             inside a handler. What handlers refer to must be declared before the client.
/// Errors:     sending returns `ok`, `closed` (not connected), `slow_consumer` (more than
///             `outgoing_bytes` are waiting) or `bad_name` (a semicolon in an event's name). What
///             does not fit a handler, and what a handler throws, goes to `on_error`.
class iris_client {
public:
  using event_handler = std::function<handler_outcome(iris_incoming&)>;
  using message_handler = std::function<void(byte_view message, bool is_text)>;

  /// @param prefix  what the server puts in front of events
  /// @throws std::invalid_argument  if the prefix is empty, no UTF-8, or holds a quote, a backslash
  ///                                or a control character
  explicit iris_client(client_options options, std::string prefix = "iris-websocket-message:");
  iris_client(const iris_client&) = delete;
  iris_client& operator=(const iris_client&) = delete;
  ~iris_client();

  /// Tries once; returns when the connection is open, or why it is not. From then on the client
  /// reconnects by itself. Must not be called inside a handler.
  client_status connect();
  /// Connects in the background and keeps trying; `on_open` and `on_close` tell.
  void start();
  /// Sends what is queued and closes for good, until `connect` or `start`. Returns when the
  /// connection is gone, at most after `close_timeout`; at once inside a handler.
  void disconnect();
  bool is_open() const;

  /// Calls `handler` for every `event`. Its parameters are the arguments, optionally after
  /// `const iris_incoming&`; what it returns goes nowhere. Several handlers of one event run in the
  /// order of their registration.
  template <class F>
  void on(std::string_view event, F handler) {
    add_handler(event, [run = std::move(handler)](iris_incoming& from) mutable {
      return invoke_handler<iris_incoming>(run, from, from.content);
    });
  }
  /// Messages that are no events. The bytes are valid during the call.
  void on_message(message_handler handler);
  void on_open(std::function<void()> handler);
  /// A connection, or an attempt to get one, has ended; the second argument is the wait before the
  /// next attempt, or nothing when there will be none.
  void on_close(
      std::function<void(const client_status&, std::optional<std::chrono::milliseconds>)> handler);
  void on_error(std::function<void(errc, std::string_view)> handler);

  template <class... Args>
  errc emit(std::string_view event, const Args&... args) {
    return send_event(event, make_payload(args...));
  }
  /// Sends a message that is no event: text as it is.
  errc emit_message(std::string_view text);
  errc emit_message(byte_view bytes);

  // -- below the templates --------------------------------------------------------

  errc send_event(std::string_view event, const payload& content);
  void add_handler(std::string_view event, event_handler handler);

private:
  const std::unique_ptr<net::iris_runner> runner_;
};

} // namespace troupe
