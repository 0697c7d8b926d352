#pragma once
#include "troupe/client_types.hpp"

#include "net/backoff.hpp"
#include "net/client_dispatch.hpp"
#include "net/client_handlers.hpp"
#include "net/client_state.hpp"
#include "net/ws_client.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <thread>

namespace troupe::net {

/// The thread behind a `troupe::client`: connects, reconnects, moves bytes, watches deadlines.
///
/// Threading:  public functions from any thread; handlers run on the thread of this object.
/// Lifetime:   the destructor closes the connection and joins the thread; it must not run on it.
class client_runner final : private ws_client_events {
public:
  explicit client_runner(client_options options);
  client_runner(const client_runner&) = delete;
  client_runner& operator=(const client_runner&) = delete;
  ~client_runner();

  /// One attempt; blocks until the hello or its failure.
  client_status connect();
  /// Keeps trying in the background.
  void start();
  /// Closes and stays closed; blocks until then, except on the own thread.
  void close(std::uint16_t code, std::string reason);

  /// To be called after something was queued in `state()`.
  void wake();
  /// Lets `queue(state, waiter, deadline)` queue a question for `waiter`; when it returns anything
  /// but `ok`, the waiter is told so on the own thread.
  template <class Queue>
  void question(client_state::waiter waiter, Queue queue) {
    const auto deadline = std::chrono::steady_clock::now() + options_.ask_timeout;
    if (const errc verdict = queue(state_, waiter, deadline); verdict != errc::ok)
      refuse_later(std::move(waiter), verdict);
    else
      wake();
  }

  client_state& state() noexcept { return state_; }
  client_handler_store& handlers() noexcept { return handlers_; }
  const client_options& options() const noexcept { return options_; }

private:
  struct machinery; ///< what is made of Asio

  void on_open() override;
  void on_message(byte_view message, bool is_binary) override;
  void on_sent(std::size_t bytes) override;
  void on_end(const ws_client_end& end) override;

  bool is_own_thread() const noexcept { return std::this_thread::get_id() == thread_.get_id(); }
  void refuse_later(client_state::waiter waiter, errc code);
  void begin();
  void give_up(errc code, std::string text);
  void hello(const protocol::message& from);
  void close_link(std::uint16_t code, std::string reason);
  void finish(const client_status& status);
  std::optional<std::chrono::milliseconds> next_retry(const ws_client_end& end);
  void retry_after(std::chrono::milliseconds wait);
  void flush();
  void hand_over();
  void watch_asks();
  void sample_clock();

  // Constant after construction.
  const client_options options_;
  const std::unique_ptr<machinery> io_;

  // With their own synchronisation.
  client_state state_;
  client_handler_store handlers_;
  std::atomic<bool> is_flush_posted_ = false;

  // The own thread's.
  client_dispatch dispatch_;
  backoff backoff_;
  std::shared_ptr<ws_client> link_;
  std::vector<std::promise<client_status>> connecting_; ///< callers of connect()
  std::vector<std::promise<void>> closing_;             ///< callers of close()
  bool has_hello_ = false;
  bool is_wanted_ = false;   ///< reconnect when the connection is lost
  bool is_closing_ = false;  ///< this side wanted the end
  std::size_t handed_over_ = 0; ///< bytes that the link has and did not write yet
  std::size_t failures_ = 0; ///< attempts in a row without a hello
  std::size_t samples_ = 0;  ///< of the clock, on this connection

  std::thread thread_; ///< last: it uses all of the above
};

} // namespace troupe::net
