#pragma once
#include "troupe/client_types.hpp"

#include "net/client_dispatch.hpp"
#include "net/client_handlers.hpp"
#include "net/client_link.hpp"
#include "net/client_state.hpp"

#include <atomic>
#include <chrono>
#include <optional>

namespace troupe::net {

/// The protocol `troupe.v1` on the link of a `troupe::client`: moves its messages, watches its
/// deadlines, samples its clock.
///
/// Threading:  public functions from any thread; handlers run on the thread of the link.
/// Lifetime:   the destructor closes the connection and joins the thread; it must not run on it.
class client_runner final : private link_user {
public:
  explicit client_runner(client_options options);
  client_runner(const client_runner&) = delete;
  client_runner& operator=(const client_runner&) = delete;
  ~client_runner();

  /// To be called after something was queued in `state()`.
  void wake();
  /// Lets `queue(state, waiter, deadline)` queue a question for `waiter`; when it returns anything
  /// but `ok`, the waiter is told so on the own thread.
  template <class Queue>
  void question(client_state::waiter waiter, Queue queue) {
    const auto deadline = std::chrono::steady_clock::now() + link_.options().ask_timeout;
    if (const errc verdict = queue(state_, waiter, deadline); verdict != errc::ok)
      refuse_later(std::move(waiter), verdict);
    else
      wake();
  }

  client_link& link() noexcept { return link_; }
  client_state& state() noexcept { return state_; }
  client_handler_store& handlers() noexcept { return handlers_; }

private:
  using time_point = std::chrono::steady_clock::time_point;

  void on_upgraded() override {}
  void on_message(byte_view message, bool is_binary) override;
  void on_end(const client_status& status, std::optional<std::chrono::milliseconds> retry) override;
  void on_alarm() override;
  void on_sent(std::size_t bytes) override;
  void on_closing() override;
  std::string also_offered() override;

  void refuse_later(client_state::waiter waiter, errc code);
  void hello(const protocol::message& from);
  void begin(const server_info& info, const hello_session& session);
  void go_on(const server_info& info, const hello_session& session);
  void send_now(std::string message);
  void count(byte_view message);
  void flush();
  void hand_over();
  void watch();
  void sample_clock();

  // With their own synchronisation.
  client_state state_;
  client_handler_store handlers_;
  std::atomic<bool> is_flush_posted_ = false;

  // The own thread's.
  client_dispatch dispatch_;
  std::size_t handed_over_ = 0; ///< bytes that the link has and did not write yet
  std::size_t samples_ = 0;     ///< of the clock, on this connection
  std::optional<time_point> next_sample_;

  client_link link_; ///< last: its thread uses all of the above
};

} // namespace troupe::net
