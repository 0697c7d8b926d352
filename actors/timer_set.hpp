#pragma once
#include <memory>
#include <unordered_map>

#include "troupe/timers.hpp"

#include "net/reactor.hpp"

namespace troupe::actors {

/// The application's timers of one connection or room, on the wheel of its shard.
///
/// Threading:  belongs to its owner's shard. Lifetime: destroying it cancels all.
/// Errors:     the functions must not throw; the owner guards the application's.
class timer_set {
public:
  explicit timer_set(net::reactor& home);
  ~timer_set();
  timer_set(const timer_set&) = delete;
  timer_set& operator=(const timer_set&) = delete;

  timer_id after(std::chrono::microseconds delay, std::function<void()> fire);
  timer_id at(net::time_point deadline, std::function<void()> fire);
  timer_id every(std::chrono::microseconds period, std::function<void()> fire);
  void cancel(timer_id id) noexcept;
  void clear() noexcept;

private:
  class entry;

  timer_id add(net::time_point deadline, std::chrono::microseconds period,
               std::function<void()> fire);
  void run(entry& due, net::time_point now) noexcept;

  net::reactor& home_;
  std::unordered_map<timer_id, std::shared_ptr<entry>> entries_;
  timer_id last_ = 0;
};

} // namespace troupe::actors
