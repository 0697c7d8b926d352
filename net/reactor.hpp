#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "net/event_loop.hpp"
#include "net/outbox.hpp"
#include "net/timer_wheel.hpp"
#include "protocol/deflate.hpp"

namespace troupe::net {

class ws_connection;

/// What all connections of one shard share: loop, timers, buffers, and the list of outboxes that
/// have something to write.
///
/// Threading:  one thread, except `loop.wake()`.
/// Lifetime:   outlives every connection on it.
class reactor {
public:
  static constexpr std::size_t receive_bytes = 512 * 1024;
  static constexpr std::size_t scratch_bytes = 64 * 1024;

  reactor();
  ~reactor();
  reactor(const reactor&) = delete;
  reactor& operator=(const reactor&) = delete;

  /// The time of this loop turn; read once per turn.
  time_point now() const noexcept { return now_; }

  /// Waits for sockets until `deadline`, dispatches one batch, and reads the clock in between.
  void wait(std::optional<time_point> deadline);

  std::span<std::byte> receive_buffer() noexcept { return {receive_.get(), receive_bytes}; }
  std::span<std::byte> scratch() noexcept { return {scratch_.get(), scratch_bytes}; }

  /// `connection` has something to write: it is flushed at the end of the turn.
  void mark_dirty(ws_connection& connection) noexcept;
  /// Must be called before a dirty connection is destroyed.
  void forget(ws_connection& connection) noexcept;
  /// Writes every dirty outbox: one system call each in the ordinary case.
  void flush() noexcept;

  /// Deliveries that rooms have queued since the last flush, to be written by it.
  std::size_t fan_out() const noexcept { return fan_out_; }
  void add_fan_out(std::size_t deliveries) noexcept { fan_out_ += deliveries; }

  event_loop loop;
  timer_wheel timers;
  outbox_pool pool;
  protocol::inflater inflater;

private:
  time_point now_;
  std::unique_ptr<std::byte[]> receive_;
  std::unique_ptr<std::byte[]> scratch_;
  std::vector<ws_connection*> dirty_; ///< null: destroyed meanwhile
  std::size_t fan_out_ = 0;
};

} // namespace troupe::net
