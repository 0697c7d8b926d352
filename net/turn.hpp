#pragma once
#include "net/waiting.hpp"

#include <condition_variable>
#include <mutex>

namespace troupe::net {

/// Whose turn it is: a lock that is waited for until a deadline, and that may be given back by
/// another thread than the one that took it.
///
/// Threading:  all functions may be called from any thread.
/// Errors:     none.
class turn {
public:
  /// @returns false when the deadline passed or `close` was called first.
  bool take(time_point deadline) {
    std::unique_lock lock{guard_};
    const auto is_decided = [this] { return !is_taken_ || is_closed_; };
    if (!is_limited(deadline))
      free_.wait(lock, is_decided);
    else if (!free_.wait_until(lock, deadline, is_decided))
      return false;
    if (is_closed_)
      return false;
    is_taken_ = true;
    return true;
  }

  void give_back() {
    {
      const std::lock_guard lock{guard_};
      is_taken_ = false;
    }
    free_.notify_one();
  }

  /// Nobody gets a turn any more.
  void close() {
    {
      const std::lock_guard lock{guard_};
      is_closed_ = true;
    }
    free_.notify_all();
  }

private:
  std::mutex guard_;
  std::condition_variable free_;
  bool is_taken_ = false;
  bool is_closed_ = false;
};

/// Gives a turn back at the end of a scope. @pre the turn was taken
class turn_guard {
public:
  explicit turn_guard(turn& taken) noexcept : turn_{taken} {}
  turn_guard(const turn_guard&) = delete;
  turn_guard& operator=(const turn_guard&) = delete;
  ~turn_guard() { turn_.give_back(); }

private:
  turn& turn_;
};

} // namespace troupe::net
