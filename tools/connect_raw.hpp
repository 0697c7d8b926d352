#pragma once
#include "troupe/dialer.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace troupe::connect {

/// A conversation with an endpoint that speaks no protocol: lines are sent as text messages, and
/// messages are shown.
///
/// What it writes: `<` before a text message, `#` before a binary one and its size, `*` before news
/// about the connection, `!` before an error.
///
/// Threading:  construct, `connect`, `send` and `finish` on one thread; messages are written by a
///             thread of its own.
/// Lifetime:   `out` must outlive it.
class raw_session {
public:
  raw_session(std::string url, dial_options options, std::ostream& out);
  ~raw_session();

  /// Calls `lost` when the connection has ended without `finish`. @pre not connected yet
  void on_lost(std::function<void()> lost) { lost_ = std::move(lost); }

  /// @returns whether there is a connection; otherwise the reason has been written.
  bool connect();
  void send(std::string_view line);
  /// Listens for `wait` and closes.
  void finish(std::chrono::milliseconds wait);

  bool has_failed() const;

private:
  void read_all();
  void show(const websocket_message& message);
  void show_end(const websocket_status& why);
  void say(char mark, std::string_view text);
  void fail(std::string_view text);

  const std::string url_;
  const dial_options options_;
  std::ostream& out_;
  std::function<void()> lost_;
  std::optional<websocket> socket_; ///< set before the reader starts

  mutable std::mutex mutex_; ///< protects what follows, and `out_`
  std::condition_variable changed_;
  bool is_over_ = false;
  bool is_finishing_ = false;
  bool has_failed_ = false;

  std::thread reader_; ///< last: it uses all of the above
};

} // namespace troupe::connect
