#pragma once
#include "troupe/errc.hpp"

#include "tests/integration/support/byte_stream.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace troupe::test {

/// What handlers on the server's threads tell the test.
///
/// Threading:  any.
/// Errors:     `take` throws std::runtime_error when nothing comes.
template <class T>
class mailbox {
public:
  void put(T value) {
    {
      const std::lock_guard guard{mutex_};
      values_.push_back(std::move(value));
    }
    arrived_.notify_one();
  }

  T take(std::chrono::milliseconds deadline = patience) {
    std::unique_lock guard{mutex_};
    if (!arrived_.wait_for(guard, deadline, [this] { return !values_.empty(); }))
      throw std::runtime_error{"The server's handler told nothing within the deadline."};
    auto value = std::move(values_.front());
    values_.pop_front();
    return value;
  }

  std::size_t size() const {
    const std::lock_guard guard{mutex_};
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<T> values_;
};

/// What `on_disconnect` is given, with its own text.
struct disconnect {
  errc why = errc::ok;
  int code = 0;
  std::string reason;
};

} // namespace troupe::test
