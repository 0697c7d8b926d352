#pragma once
#include "troupe/client_types.hpp"

#include "net/backoff.hpp"
#include "net/client_outbox.hpp"
#include "net/ws_client.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace troupe::net {

/// The protocol on top of a `client_link`. All of it is called on the link's thread.
class link_user {
public:
  /// The server speaks WebSocket; `client_link::accept` when it has agreed to the protocol.
  virtual void on_upgraded() = 0;
  virtual void on_message(byte_view message, bool is_binary) = 0;
  /// A connection, or an attempt to get one, has ended; `retry` is the wait before the next.
  virtual void on_end(const client_status& status,
                      std::optional<std::chrono::milliseconds> retry) = 0;
  /// The time given to `client_link::wake_at` has come.
  virtual void on_alarm() = 0;
  /// So many bytes have been written.
  virtual void on_sent(std::size_t) {}
  /// What else to offer as subprotocols in the next attempt; empty = nothing.
  virtual std::string also_offered() { return {}; }
  /// The last moment for messages: this side closes.
  virtual void on_closing() {}

protected:
  ~link_user() = default;
};

/// A connection to a server that comes back when it is lost, and the thread that it lives on.
///
/// It knows no protocol: that is its user's. From the second connection on, requests say in
/// `X-Websocket-Reconnect` how often it has been tried.
///
/// Threading:  public functions from any thread, unless they are listed as the own thread's.
/// Lifetime:   `stop` must be called before the user is gone, and not on the own thread.
class client_link final : private ws_client_events {
public:
  /// @param subprotocol  offered to the server, and required; empty = none
  client_link(client_options options, std::string subprotocol, link_user& user);
  client_link(const client_link&) = delete;
  client_link& operator=(const client_link&) = delete;
  ~client_link();

  // -- any thread ----

  /// One attempt; blocks until it is accepted, or why it is not.
  client_status connect();
  /// Keeps trying in the background.
  void start();
  /// Sends what is queued, closes and stays closed; blocks until then, except on the own thread.
  void close(std::uint16_t code, std::string reason);
  /// Closes, and ends the thread.
  void stop();
  /// Calls `run` on the own thread, in the order of the calls.
  void post(std::function<void()> run);
  /// Queues a message. @returns `ok`, `closed` (not accepted) or `slow_consumer`
  errc send(outgoing_message message);
  bool is_open() const { return outbox_.is_open(); }
  bool is_own_thread() const noexcept { return std::this_thread::get_id() == thread_.get_id(); }
  const client_options& options() const noexcept { return options_; }

  // -- the own thread ----

  /// Hands a message to the socket, past the queue and its limit, and before `accept`, too.
  void send_now(outgoing_message message);
  /// The protocol is agreed on: sending is possible, `announce` is called, then `connect` returns.
  void accept(const std::function<void()>& announce);
  /// Ends the connection at once.
  void give_up(errc code, std::string text);
  /// Calls `on_alarm` then, in place of the time that was set before.
  void wake_at(std::chrono::steady_clock::time_point when);

private:
  struct machinery; ///< what is made of Asio

  void on_open() override;
  void on_message(byte_view message, bool is_binary) override;
  void on_sent(std::size_t bytes) override;
  void on_end(const ws_client_end& end) override;

  void begin();
  ws_client_options socket_options(url address) const;
  void close_socket(std::uint16_t code, std::string reason);
  std::optional<std::chrono::milliseconds> next_retry(const ws_client_end& end);
  void retry_after(std::chrono::milliseconds wait);
  void flush();
  void finish(const client_status& status);

  // Constant after construction.
  const client_options options_;
  const std::string subprotocol_;
  link_user& user_;
  const std::unique_ptr<machinery> io_;

  // With their own synchronisation.
  client_outbox outbox_;
  std::atomic<bool> is_flush_posted_ = false;

  // The own thread's.
  backoff backoff_;
  std::shared_ptr<ws_client> socket_;
  std::vector<std::promise<client_status>> connecting_; ///< callers of connect()
  std::vector<std::promise<void>> closing_;             ///< callers of close()
  bool was_accepted_ = false;                           ///< once at least
  bool is_wanted_ = false;                              ///< reconnect when the connection is lost
  bool is_closing_ = false;                             ///< this side wanted the end
  std::size_t failures_ = 0;                            ///< ends in a row without an agreement

  std::thread thread_; ///< last: it uses all of the above
};

} // namespace troupe::net
