#include "net/client_state.hpp"

#include <algorithm>

// How a client's state lives on when its connection is lost.

namespace troupe::net {
namespace {

/// The server keeps what it has sent until it is told: not more messages than this, and not more
/// bytes than this part of what it can keep.
constexpr std::uint64_t untold_messages = 64;
constexpr std::uint64_t part_of_ring = 8;

std::string to_text(const protocol::envelope& message) {
  return std::string{as_text(message.bytes())};
}

} // namespace

void client_state::begin_session(const hello_session& session) {
  session_ = session;
  unconfirmed_.clear();
  received_ = told_ = 0;
  untold_bytes_ = 0;
  info_.grace = std::chrono::milliseconds{session.grace_ms};
  info_.is_resync = std::exchange(has_lost_session_, false)
                    || session.outcome == protocol::session_outcome::resync;
}

std::string client_state::resume_offer() {
  const std::lock_guard lock{mutex_};
  return protocol::to_subprotocol(
      {.token = session_.token, .received = received_, .attempt = ++attempts_});
}

bool client_state::suspend() {
  const std::lock_guard lock{mutex_};
  if (!has_session())
    return false;
  is_open_ = false;
  is_suspended_ = true;
  outgoing_bytes_ = 0;
  for (const auto& message : outgoing_)
    outgoing_bytes_ += message.size();
  return true;
}

bool client_state::is_suspended() const {
  const std::lock_guard lock{mutex_};
  return is_suspended_;
}

std::optional<std::vector<std::string>> client_state::resumed(server_info info,
                                                              const hello_session& session) {
  const std::lock_guard lock{mutex_};
  if (!unconfirmed_.confirm(session.received) || session.token.empty())
    return std::nullopt;
  is_suspended_ = false;
  is_open_ = true;
  info_ = std::move(info);
  info_.grace = std::chrono::milliseconds{session.grace_ms};
  info_.is_resumed = true;
  session_ = session;
  return unconfirmed_.all();
}

std::optional<std::string> client_state::count_received(byte_view message) {
  const std::lock_guard lock{mutex_};
  if (!has_session() || !protocol::is_counted(message))
    return std::nullopt;
  ++received_;
  untold_bytes_ += message.size();
  if (received_ - told_ < untold_messages && untold_bytes_ < session_.ring_bytes / part_of_ring)
    return std::nullopt;
  return make_news();
}

std::string client_state::make_news() {
  told_ = received_;
  untold_bytes_ = 0;
  return to_text(protocol::encode_received(received_));
}

std::string client_state::news() {
  const std::lock_guard lock{mutex_};
  return make_news();
}

std::optional<std::string> client_state::late_news() {
  const std::lock_guard lock{mutex_};
  return told_ == received_ ? std::nullopt : std::optional{make_news()};
}

void client_state::confirmed(std::uint64_t received) {
  const std::lock_guard lock{mutex_};
  unconfirmed_.confirm(received); // a server that counts wrongly is found out when it resumes
}

void client_state::charge(std::size_t bytes) {
  const std::lock_guard lock{mutex_};
  outgoing_bytes_ += bytes;
}

} // namespace troupe::net
