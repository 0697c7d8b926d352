#pragma once
#include "troupe/errc.hpp"

#include "protocol/opcode.hpp"

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace troupe::net {

/// A message on its way to the server.
struct outgoing_message {
  std::string bytes;
  protocol::opcode type = protocol::opcode::text;
};

/// What a client has been asked to send and the socket has not written yet, bounded in bytes.
///
/// Threading:  every function may be called from any thread.
/// Errors:     `push` returns `ok`, `closed` (not open) or `slow_consumer` (full).
class client_outbox {
public:
  explicit client_outbox(std::size_t limit_bytes) : limit_(limit_bytes) {}

  void open() {
    const std::lock_guard lock{mutex_};
    is_open_ = true;
  }

  /// Takes nothing more and forgets what is there.
  void shut() {
    const std::lock_guard lock{mutex_};
    is_open_ = false;
    waiting_.clear();
    bytes_ = 0;
  }

  bool is_open() const {
    const std::lock_guard lock{mutex_};
    return is_open_;
  }

  errc push(outgoing_message message) {
    const std::lock_guard lock{mutex_};
    if (!is_open_)
      return errc::closed;
    if (bytes_ + message.bytes.size() > limit_)
      return errc::slow_consumer;
    bytes_ += message.bytes.size();
    waiting_.push_back(std::move(message));
    return errc::ok;
  }

  /// All that waits; its bytes count until they are `sent`.
  std::vector<outgoing_message> take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(waiting_, {});
  }

  void sent(std::size_t bytes) {
    const std::lock_guard lock{mutex_};
    bytes_ -= std::min(bytes, bytes_);
  }

private:
  const std::size_t limit_;

  mutable std::mutex mutex_; ///< protects everything below
  bool is_open_ = false;
  std::size_t bytes_ = 0;
  std::vector<outgoing_message> waiting_;
};

} // namespace troupe::net
