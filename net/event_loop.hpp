#pragma once
#include "net/timer_wheel.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

struct epoll_event;

namespace troupe::net {

/// What a socket is ready for, or waits for.
enum class io_interest : std::uint8_t { none = 0, read = 1, write = 2, read_write = 3 };

constexpr bool wants(io_interest set, io_interest one) noexcept {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(one)) != 0;
}

/// Somebody whose file descriptor is watched by an `event_loop`.
class io_handler {
public:
  /// @param ready  read and/or write; errors and hang-ups are reported as both.
  virtual void on_ready(io_interest ready) noexcept = 0;

protected:
  ~io_handler() = default;
};

/// Level-triggered epoll (epoll(7)) with a thread-safe wake-up: the only place where a shard waits.
///
/// Why not Asio here: see docs/adr/0006-own-event-loop.md.
///
/// Threading:  one thread, except `wake`, which any thread may call.
/// Ownership:  descriptors and handlers belong to the caller; `remove` before closing either.
/// Errors:     the constructor and `add` throw std::system_error (descriptors exhausted).
class event_loop {
public:
  event_loop();
  ~event_loop();
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;

  void add(int descriptor, io_handler& handler, io_interest interest);
  void modify(int descriptor, io_handler& handler, io_interest interest) noexcept;
  /// Safe inside `on_ready`: events of this handler that are already fetched are forgotten.
  void remove(int descriptor, io_handler& handler) noexcept;

  /// Waits until `deadline` (none = for ever) and fetches one batch of events.
  void wait(std::optional<time_point> deadline);
  /// Calls the handlers of the batch.
  void dispatch() noexcept;

  /// Makes a present or the next `wait` return. Costs a system call only if the loop sleeps.
  void wake() noexcept;

private:
  int poll(std::optional<time_point> deadline);
  void drain_wakeups() noexcept;

  int epoll_ = -1;
  int wakeup_ = -1; ///< eventfd
  std::vector<epoll_event> batch_;
  std::size_t next_ = 0;  ///< index of the next event of the batch to dispatch
  std::size_t count_ = 0; ///< events in the present batch
  std::atomic<bool> sleeping_{false};
  std::atomic<bool> woken_{false};
};

} // namespace troupe::net
