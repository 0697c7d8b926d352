#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>

// How the blocking client waits: poll() with a deadline that another thread can interrupt.

namespace troupe::net {

using time_point = std::chrono::steady_clock::time_point;

/// `time_point{}` stands for no deadline.
constexpr bool is_limited(time_point deadline) noexcept {
  return deadline != time_point{};
}

inline bool has_passed(time_point deadline) noexcept {
  return is_limited(deadline) && std::chrono::steady_clock::now() >= deadline;
}

/// A flag that a poll() can wait for.
///
/// Threading:  all functions may be called from any thread.
/// Errors:     the constructor throws std::system_error.
class event_signal {
public:
  event_signal();
  event_signal(const event_signal&) = delete;
  event_signal& operator=(const event_signal&) = delete;
  ~event_signal();

  void raise() noexcept;
  void clear() noexcept;
  int descriptor() const noexcept { return descriptor_; }

private:
  const int descriptor_;
};

/// A deadline that other threads may move.
class shared_deadline {
public:
  explicit shared_deadline(time_point when = {}) noexcept : ticks_{count(when)} {}

  void set(time_point when) noexcept { ticks_ = count(when); }
  time_point at() const noexcept { return time_point{time_point::duration{ticks_}}; }

private:
  static time_point::rep count(time_point when) noexcept { return when.time_since_epoch().count(); }
  std::atomic<time_point::rep> ticks_;
};

enum class wait_result : std::uint8_t {
  ready,
  interrupted, ///< the second descriptor is readable
  timed_out,
};

/// Waits until `descriptor` is ready for `events` (as for poll), or broken, or `interrupt` can be
/// read. @param interrupt  may be -1.
wait_result wait_for(int descriptor, short events, int interrupt, time_point deadline) noexcept;

} // namespace troupe::net
