#include "net/client_link.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <random>

namespace troupe::net {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// Whether the server's answer will be the same next time.
bool is_final(const ws_client_end& end) noexcept {
  constexpr unsigned too_many_requests = 429;
  return end.code == errc::refused && end.http_status < 500 && end.http_status != too_many_requests;
}

/// Calls `fire` at the timer's time, unless it is set again or cancelled.
template <class Fire>
void arm(asio::steady_timer& timer, Fire fire) {
  timer.async_wait([fire = std::move(fire)](boost::system::error_code ec) {
    if (!ec)
      fire();
  });
}

} // namespace

struct client_link::machinery {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  asio::steady_timer agreement{context}; ///< from the upgrade to `accept`
  asio::steady_timer retry{context};     ///< to the next attempt
  asio::steady_timer alarm{context};     ///< the user's
};

client_link::client_link(client_options options, std::string subprotocol, link_user& user)
    : options_(std::move(options)),
      subprotocol_(std::move(subprotocol)),
      user_(user),
      io_(std::make_unique<machinery>()),
      outbox_(options_.outgoing_bytes),
      backoff_({.first = options_.reconnect.first,
                .longest = options_.reconnect.longest,
                .jitter = options_.reconnect.jitter},
               std::random_device{}()),
      thread_([this] { io_->context.run(); }) {}

client_link::~client_link() {
  stop();
}

void client_link::stop() {
  constexpr std::uint16_t normal = 1000;
  if (!thread_.joinable())
    return;
  close(normal, {});
  io_->context.stop();
  thread_.join();
}

// -- any thread -----------------------------------------------------------------

client_status client_link::connect() {
  if (is_own_thread())
    return {errc::refused, 0, "connect() would wait for itself inside a callback."};
  std::promise<client_status> promise;
  auto future = promise.get_future();
  asio::post(io_->context, [this, caller = std::move(promise)]() mutable {
    if (outbox_.is_open())
      return caller.set_value({});
    connecting_.push_back(std::move(caller));
    if (!socket_)
      begin();
  });
  return future.get();
}

void client_link::start() {
  post([this] {
    is_wanted_ = true;
    if (!socket_)
      begin();
  });
}

void client_link::close(std::uint16_t code, std::string reason) {
  if (is_own_thread())
    return close_socket(code, std::move(reason));
  std::promise<void> promise;
  const auto future = promise.get_future();
  asio::post(io_->context,
             [this, code, text = std::move(reason), caller = std::move(promise)]() mutable {
               closing_.push_back(std::move(caller));
               close_socket(code, std::move(text));
             });
  future.wait();
}

void client_link::post(std::function<void()> run) {
  asio::post(io_->context, std::move(run));
}

errc client_link::send(outgoing_message message) {
  const auto verdict = outbox_.push(std::move(message));
  if (verdict == errc::ok && !is_flush_posted_.exchange(true))
    post([this] { flush(); });
  return verdict;
}

// -- connecting -----------------------------------------------------------------

void client_link::begin() {
  io_->retry.cancel();
  is_closing_ = false;
  auto address = parse_url(options_.url);
  if (!address)
    return on_end({errc::refused, 0, 0, "\"" + options_.url + "\" is no ws:// or wss:// address."});
  socket_ = make_ws_client(io_->context, socket_options(*std::move(address)), *this);
  socket_->open();
}

ws_client_options client_link::socket_options(url address) const {
  auto fields = options_.fields;
  if (was_accepted_)
    fields.emplace_back("X-Websocket-Reconnect", std::to_string(failures_));
  return {.address = std::move(address),
          .subprotocol = subprotocol_,
          .also_offered = user_.also_offered(),
          .fields = std::move(fields),
          .connect_timeout = options_.connect_timeout,
          .idle_timeout = options_.idle_timeout,
          .close_timeout = options_.close_timeout,
          .message_bytes = options_.message_bytes,
          .ca_file = options_.ca_file,
          .verify_peer = options_.verify_peer};
}

void client_link::on_open() {
  io_->agreement.expires_after(options_.connect_timeout);
  arm(io_->agreement,
      [this] { give_up(errc::timed_out, "The server did not greet this client in time."); });
  user_.on_upgraded();
}

void client_link::send_now(outgoing_message message) {
  if (socket_)
    socket_->send(std::move(message.bytes), message.type);
}

void client_link::accept(const std::function<void()>& announce) {
  io_->agreement.cancel();
  was_accepted_ = true;
  is_wanted_ = true;
  failures_ = 0;
  backoff_.reset();
  outbox_.open();
  announce();
  for (auto& caller : std::exchange(connecting_, {}))
    caller.set_value({});
}

// -- the end of a connection ------------------------------------------------------

void client_link::give_up(errc code, std::string text) {
  if (!socket_)
    return;
  socket_->detach();
  on_end({code, 0, 0, std::move(text)});
}

void client_link::close_socket(std::uint16_t code, std::string reason) {
  is_wanted_ = false;
  is_closing_ = true;
  io_->retry.cancel();
  flush();
  user_.on_closing();
  if (socket_)
    socket_->close(code, std::move(reason));
  else
    finish({});
}

void client_link::on_end(const ws_client_end& end) {
  const bool by_peer = end.code == errc::ok && !is_closing_;
  const client_status status{by_peer ? errc::closed : end.code, end.close_code, end.text};
  socket_.reset();
  outbox_.shut();
  io_->agreement.cancel();
  io_->alarm.cancel();
  const auto retry = next_retry(end);
  user_.on_end(status, retry);
  if (retry && is_wanted_) // the user may have closed
    retry_after(*retry);
  finish(status);
}

/// Tells those who wait in connect() and close().
void client_link::finish(const client_status& status) {
  const bool is_failure = status.code != errc::ok;
  for (auto& caller : std::exchange(connecting_, {}))
    caller.set_value(is_failure ? status : client_status{errc::closed, 0, "Closed meanwhile."});
  for (auto& caller : std::exchange(closing_, {}))
    caller.set_value();
}

std::optional<milliseconds> client_link::next_retry(const ws_client_end& end) {
  const auto& policy = options_.reconnect;
  ++failures_;
  const bool used_up = policy.attempts != 0 && failures_ > policy.attempts;
  if (!is_wanted_ || !policy.enabled || used_up || is_final(end)) {
    is_wanted_ = false;
    return std::nullopt;
  }
  return backoff_.next();
}

void client_link::retry_after(milliseconds wait) {
  io_->retry.expires_after(wait);
  arm(io_->retry, [this] {
    if (is_wanted_ && !socket_)
      begin();
  });
}

// -- while connected --------------------------------------------------------------

void client_link::on_message(byte_view message, bool is_binary) {
  user_.on_message(message, is_binary);
}

void client_link::flush() {
  is_flush_posted_ = false;
  for (auto& message : outbox_.take())
    if (socket_)
      socket_->send(std::move(message.bytes), message.type);
}

void client_link::on_sent(std::size_t bytes) {
  outbox_.sent(bytes);
  user_.on_sent(bytes);
}

void client_link::wake_at(std::chrono::steady_clock::time_point when) {
  io_->alarm.expires_at(when);
  arm(io_->alarm, [this] { user_.on_alarm(); });
}

} // namespace troupe::net
