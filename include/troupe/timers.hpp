#pragma once
#include <chrono>
#include <cstdint>
#include <functional>

namespace troupe {

/// Names a timer within its connection or room; 0 names none.
using timer_id = std::uint64_t;

/// Timers of a connection or room. They end with it, and their functions run where its handlers
/// run, never at the same time as one of them. Resolution: 1/16 ms, and 1 ms for what is more than
/// 4 s ahead; never early.
class timer_owner {
public:
  virtual timer_id after(std::chrono::microseconds delay, std::function<void()> fire) = 0;
  /// At a point in time, at once if it has passed: for deadlines that must not drift.
  virtual timer_id at(std::chrono::steady_clock::time_point deadline,
                      std::function<void()> fire) = 0;
  /// @pre period >= 1 ms. Drift-free: deadlines are multiples of the period from now.
  virtual timer_id every(std::chrono::microseconds period, std::function<void()> fire) = 0;
  /// Unknown and finished timers are ignored. May be called from inside the timer.
  virtual void cancel(timer_id timer) = 0;

protected:
  ~timer_owner() = default;
};

} // namespace troupe
