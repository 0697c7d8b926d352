#include "net/client_runner.hpp"

#include <algorithm>

namespace troupe::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::chrono::microseconds local_time() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
      steady_clock::now().time_since_epoch());
}

} // namespace

client_runner::client_runner(client_options options)
    : state_(options),
      dispatch_(state_, handlers_),
      link_(std::move(options), std::string{protocol::native_protocol}, *this) {}

client_runner::~client_runner() {
  link_.stop();
}

void client_runner::wake() {
  if (!is_flush_posted_.exchange(true))
    link_.post([this] { flush(); });
}

void client_runner::refuse_later(client_state::waiter waiter, errc code) {
  link_.post([this, waiter = std::move(waiter), code] {
    dispatch_.fail({waiter}, code, to_string(code));
  });
}

// -- the connection -------------------------------------------------------------

void client_runner::on_message(byte_view message, bool is_binary) {
  if (is_binary && link_.is_open())
    count(message);
  const auto decoded = protocol::decode_server(message);
  if (!is_binary)
    dispatch_.tell_error(errc::malformed_message, "The server sent a text message.");
  else if (!decoded)
    dispatch_.tell_error(decoded.error().code, decoded.error().text());
  else if (decoded->op == protocol::operation::hello)
    hello(*decoded);
  else if (link_.is_open())
    dispatch_.receive(*decoded, local_time());
  flush();
}

void client_runner::count(byte_view message) {
  if (const auto news = state_.count_received(message))
    send_now(*news);
}

void client_runner::hello(const protocol::message& from) {
  if (from.version != protocol::native_version)
    return link_.give_up(errc::refused, "The server speaks version " + std::to_string(from.version)
                                            + " of the protocol, this client version 1.");
  const auto info = read_hello(from);
  const auto session = read_session(from);
  if (state_.is_suspended() && session.outcome == protocol::session_outcome::resumed)
    go_on(info, session);
  else
    begin(info, session);
}

void client_runner::begin(const server_info& info, const hello_session& session) {
  if (state_.is_suspended())
    dispatch_.lose(errc::connection_lost, "The server could not resume.", true);
  link_.accept([&] {
    samples_ = 0;
    state_.opened(info, session, steady_clock::now() + link_.options().ask_timeout,
                  [this](auto room, auto& answer) { dispatch_.tell_rejoined(room, answer); });
    sample_clock(); // first in the queue: nothing delays the sample
    dispatch_.tell_open(state_.info());
  });
}

void client_runner::go_on(const server_info& info, const hello_session& session) {
  auto missed = state_.resumed(info, session);
  if (!missed) {
    dispatch_.lose(errc::connection_lost, "The server could not resume.", true);
    return link_.give_up(errc::protocol_error, "The server has counted messages wrongly.");
  }
  link_.accept([&] {
    for (auto& message : *missed)
      send_now(std::move(message));
    send_now(state_.news()); // it proves that the hello, with its token, has come
    sample_clock();
    dispatch_.tell_resume(state_.info());
  });
}

std::string client_runner::also_offered() {
  const auto& policy = link_.options().reconnect;
  return policy.enabled && policy.resume ? state_.resume_offer() : std::string{};
}

void client_runner::on_end(const client_status& status, std::optional<milliseconds> retry) {
  handed_over_ = 0;
  next_sample_.reset();
  // A server that takes its leave keeps nothing.
  const bool may_resume = retry && status.close_code == 0 && state_.suspend();
  if (!may_resume)
    dispatch_.lose(errc::connection_lost, "The connection ended.", retry.has_value());
  dispatch_.tell_close(status, retry);
  watch();
}

// -- while connected --------------------------------------------------------------

void client_runner::flush() {
  is_flush_posted_ = false;
  // What waits here can still be replaced by later `latest` messages; what is handed over cannot.
  if (handed_over_ == 0)
    hand_over();
  watch();
}

void client_runner::hand_over() {
  if (!link_.is_open())
    return;
  for (auto& message : state_.take_outgoing()) {
    handed_over_ += message.size();
    link_.send_now({std::move(message), protocol::opcode::binary});
  }
}

void client_runner::send_now(std::string message) {
  handed_over_ += message.size();
  state_.charge(message.size());
  link_.send_now({std::move(message), protocol::opcode::binary});
}

void client_runner::on_closing() {
  if (state_.is_suspended())
    dispatch_.lose(errc::closed, "The client was closed.", false);
  else
    hand_over();
}

void client_runner::on_sent(std::size_t bytes) {
  state_.sent(bytes);
  handed_over_ -= std::min(bytes, handed_over_);
  if (handed_over_ == 0)
    flush();
}

// -- time -----------------------------------------------------------------------

void client_runner::watch() {
  const auto deadline = state_.next_deadline();
  if (deadline && next_sample_)
    link_.wake_at(std::min(*deadline, *next_sample_));
  else if (deadline || next_sample_)
    link_.wake_at(deadline ? *deadline : *next_sample_);
}

void client_runner::on_alarm() {
  const auto now = steady_clock::now();
  dispatch_.fail(state_.take_expired(now), errc::timed_out, "No answer came in time.");
  if (next_sample_ && *next_sample_ <= now)
    sample_clock();
  else
    flush();
}

void client_runner::sample_clock() {
  const auto interval = link_.options().clock_interval;
  if (interval.count() == 0)
    return;
  constexpr std::size_t quick_samples = 4;
  constexpr milliseconds quick{200};
  const auto wait = ++samples_ < quick_samples ? std::min(quick, interval) : interval;
  next_sample_ = steady_clock::now() + wait;
  if (const auto news = state_.late_news())
    send_now(*news);
  state_.ask_clock(local_time());
  flush();
}

} // namespace troupe::net
