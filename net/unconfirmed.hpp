#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace troupe::net {

/// The counted messages of a client's session that the server has not confirmed yet: what is sent
/// again after a cut.
///
/// Threading:  distinct objects are independent; one object belongs to one thread or mutex.
class unconfirmed {
public:
  void add(std::string message) {
    bytes_ += message.size();
    messages_.push_back(std::move(message));
  }

  /// The server has the first `received` messages of the session.
  /// @returns false if that cannot be; then nothing changes.
  bool confirm(std::uint64_t received) {
    if (received < first_ || received > first_ + messages_.size())
      return false;
    for (; first_ < received; ++first_) {
      bytes_ -= messages_.front().size();
      messages_.pop_front();
    }
    return true;
  }

  std::vector<std::string> all() const { return {messages_.begin(), messages_.end()}; }
  std::size_t bytes() const noexcept { return bytes_; }

  /// A new session begins.
  void clear() {
    messages_.clear();
    first_ = 0;
    bytes_ = 0;
  }

private:
  std::deque<std::string> messages_;
  std::uint64_t first_ = 0; ///< confirmed ones
  std::size_t bytes_ = 0;
};

} // namespace troupe::net
