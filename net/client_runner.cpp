#include "net/client_runner.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace troupe::net {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::chrono::microseconds local_time() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
      steady_clock::now().time_since_epoch());
}

ws_client_options link_options(const client_options& options, url address) {
  return {.address = std::move(address),
          .subprotocol = std::string{protocol::native_protocol},
          .fields = options.fields,
          .connect_timeout = options.connect_timeout,
          .idle_timeout = options.idle_timeout,
          .close_timeout = options.close_timeout,
          .message_bytes = options.message_bytes,
          .ca_file = options.ca_file,
          .verify_peer = options.verify_peer};
}

/// Whether the server's answer will be the same next time.
bool is_final(const ws_client_end& end) noexcept {
  constexpr unsigned too_many_requests = 429;
  return end.code == errc::refused && end.http_status < 500 && end.http_status != too_many_requests;
}

} // namespace

struct client_runner::machinery {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  asio::steady_timer hello{context}; ///< from the upgrade to the hello
  asio::steady_timer retry{context}; ///< to the next attempt
  asio::steady_timer asks{context};  ///< to the earliest deadline of an ask
  asio::steady_timer clock{context}; ///< to the next sample

  /// Calls `fire` after `wait` unless the timer is set again or cancelled.
  template <class Fire>
  static void set(asio::steady_timer& timer, milliseconds wait, Fire fire) {
    timer.expires_after(wait);
    timer.async_wait([fire = std::move(fire)](boost::system::error_code ec) {
      if (!ec)
        fire();
    });
  }
};

client_runner::client_runner(client_options options)
    : options_(std::move(options)),
      io_(std::make_unique<machinery>()),
      state_(options_),
      dispatch_(state_, handlers_),
      backoff_({.first = options_.reconnect.first,
                .longest = options_.reconnect.longest,
                .jitter = options_.reconnect.jitter},
               std::random_device{}()),
      thread_([this] { io_->context.run(); }) {}

client_runner::~client_runner() {
  constexpr std::uint16_t normal = 1000;
  close(normal, {});
  io_->context.stop();
  thread_.join();
}

// -- any thread -----------------------------------------------------------------

client_status client_runner::connect() {
  if (is_own_thread())
    return {errc::refused, 0, "connect() would wait for itself inside a callback."};
  std::promise<client_status> promise;
  auto future = promise.get_future();
  asio::post(io_->context, [this, caller = std::move(promise)]() mutable {
    if (has_hello_)
      return caller.set_value({});
    connecting_.push_back(std::move(caller));
    if (!link_)
      begin();
  });
  return future.get();
}

void client_runner::start() {
  asio::post(io_->context, [this] {
    is_wanted_ = true;
    if (!link_)
      begin();
  });
}

void client_runner::close(std::uint16_t code, std::string reason) {
  if (is_own_thread())
    return close_link(code, std::move(reason));
  std::promise<void> promise;
  const auto future = promise.get_future();
  asio::post(io_->context,
             [this, code, text = std::move(reason), caller = std::move(promise)]() mutable {
               closing_.push_back(std::move(caller));
               close_link(code, std::move(text));
             });
  future.wait();
}

void client_runner::wake() {
  if (!is_flush_posted_.exchange(true))
    asio::post(io_->context, [this] { flush(); });
}

void client_runner::refuse_later(client_state::waiter waiter, errc code) {
  asio::post(io_->context, [this, waiter = std::move(waiter), code] {
    dispatch_.fail({waiter}, code, to_string(code));
  });
}

// -- connecting -----------------------------------------------------------------

void client_runner::begin() {
  io_->retry.cancel();
  is_closing_ = false;
  auto address = parse_url(options_.url);
  if (!address)
    return on_end({errc::refused, 0, 0, "\"" + options_.url + "\" is no ws:// or wss:// address."});
  link_ = make_ws_client(io_->context, link_options(options_, *std::move(address)), *this);
  link_->open();
}

void client_runner::on_open() {
  machinery::set(io_->hello, options_.connect_timeout,
                 [this] { give_up(errc::timed_out, "The server sent no hello in time."); });
}

void client_runner::on_message(byte_view message, bool is_binary) {
  const auto decoded = protocol::decode_server(message);
  if (!is_binary)
    dispatch_.tell_error(errc::malformed_message, "The server sent a text message.");
  else if (!decoded)
    dispatch_.tell_error(decoded.error().code, decoded.error().text());
  else if (decoded->op == protocol::operation::hello)
    hello(*decoded);
  else if (has_hello_)
    dispatch_.receive(*decoded, local_time());
  flush();
}

void client_runner::hello(const protocol::message& from) {
  if (from.version != protocol::native_version)
    return give_up(errc::refused, "The server speaks version " + std::to_string(from.version)
                                      + " of the protocol, this client version 1.");
  io_->hello.cancel();
  has_hello_ = true;
  is_wanted_ = true;
  failures_ = 0;
  samples_ = 0;
  backoff_.reset();
  auto info = read_hello(from);
  state_.opened(info, steady_clock::now() + options_.ask_timeout);
  sample_clock(); // first in the queue: nothing delays the sample
  dispatch_.tell_open(info);
  for (auto& caller : std::exchange(connecting_, {}))
    caller.set_value({});
}

// -- the end of a connection ------------------------------------------------------

void client_runner::give_up(errc code, std::string text) {
  if (!link_)
    return;
  link_->detach();
  on_end({code, 0, 0, std::move(text)});
}

void client_runner::close_link(std::uint16_t code, std::string reason) {
  is_wanted_ = false;
  is_closing_ = true;
  io_->retry.cancel();
  flush();
  if (link_)
    link_->close(code, std::move(reason));
  else
    finish({});
}

void client_runner::on_end(const ws_client_end& end) {
  const bool by_peer = end.code == errc::ok && !is_closing_;
  const client_status status{by_peer ? errc::closed : end.code, end.close_code, end.text};
  link_.reset();
  handed_over_ = 0;
  has_hello_ = false;
  for (auto* timer : {&io_->hello, &io_->asks, &io_->clock})
    timer->cancel();
  dispatch_.fail(state_.lost(), errc::connection_lost, "The connection ended.");
  const auto retry = next_retry(end);
  dispatch_.tell_close(status, retry);
  if (retry && is_wanted_) // a handler may have closed
    retry_after(*retry);
  finish(status);
}

/// Tells those who wait in connect() and close().
void client_runner::finish(const client_status& status) {
  const bool is_failure = status.code != errc::ok;
  for (auto& caller : std::exchange(connecting_, {}))
    caller.set_value(is_failure ? status : client_status{errc::closed, 0, "Closed meanwhile."});
  for (auto& caller : std::exchange(closing_, {}))
    caller.set_value();
}

std::optional<milliseconds> client_runner::next_retry(const ws_client_end& end) {
  const auto& policy = options_.reconnect;
  ++failures_;
  const bool used_up = policy.attempts != 0 && failures_ > policy.attempts;
  if (!is_wanted_ || !policy.enabled || used_up || is_final(end)) {
    is_wanted_ = false;
    return std::nullopt;
  }
  return backoff_.next();
}

void client_runner::retry_after(milliseconds wait) {
  machinery::set(io_->retry, wait, [this] {
    if (is_wanted_ && !link_)
      begin();
  });
}

// -- while connected --------------------------------------------------------------

void client_runner::flush() {
  is_flush_posted_ = false;
  // What waits here can still be replaced by later `latest` messages; what is handed over cannot.
  if (handed_over_ == 0 || is_closing_)
    hand_over();
  watch_asks();
}

void client_runner::hand_over() {
  for (auto& message : state_.take_outgoing())
    if (link_) {
      handed_over_ += message.size();
      link_->send(std::move(message), protocol::opcode::binary);
    }
}

void client_runner::on_sent(std::size_t bytes) {
  state_.sent(bytes);
  handed_over_ -= std::min(bytes, handed_over_);
  if (handed_over_ == 0)
    flush();
}

void client_runner::watch_asks() {
  const auto deadline = state_.next_deadline();
  if (!deadline)
    return;
  io_->asks.expires_at(*deadline);
  io_->asks.async_wait([this](boost::system::error_code ec) {
    if (ec)
      return;
    dispatch_.fail(state_.take_expired(steady_clock::now()), errc::timed_out,
                   "No answer came in time.");
    flush();
  });
}

void client_runner::sample_clock() {
  if (options_.clock_interval.count() == 0 || !has_hello_)
    return;
  constexpr std::size_t quick_samples = 4;
  constexpr milliseconds quick{200};
  state_.ask_clock(local_time());
  flush();
  const auto wait = ++samples_ < quick_samples ? std::min(quick, options_.clock_interval)
                                               : options_.clock_interval;
  machinery::set(io_->clock, wait, [this] { sample_clock(); });
}

} // namespace troupe::net
