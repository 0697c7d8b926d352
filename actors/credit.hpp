#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <caf/actor.hpp>

namespace troupe::actors {

/// Events that are on their way, bounded: those of one connection, or those to one room.
///
/// CAF mailboxes are unbounded, so producers are: a connection whose gate (or whose room's gate)
/// is crowded stops reading its socket, and is woken when the gate has drained to half.
///
/// Threading:  any thread.
class flow_gate {
public:
  explicit flow_gate(std::uint32_t bound) noexcept : bound_{bound} {}
  flow_gate(const flow_gate&) = delete;
  flow_gate& operator=(const flow_gate&) = delete;

  void enter() noexcept { count_.fetch_add(1, std::memory_order_relaxed); }
  void leave() noexcept {
    auto left = count_.fetch_sub(1) - 1;
    if (left == bound_ / 2 && has_waiters_.load())
      wake();
  }
  bool is_crowded() const noexcept { return count_.load(std::memory_order_relaxed) >= bound_; }

  /// `waiter` gets `read_on` when the gate has drained.
  /// @returns false if it has drained in the meantime; then nothing is sent.
  bool wait(const caf::actor& waiter);

private:
  void wake() noexcept;

  const std::uint32_t bound_;
  std::atomic<std::uint32_t> count_{0};
  std::atomic<bool> has_waiters_{false};
  std::mutex mutex_; // guards the list
  std::vector<caf::actor> waiters_;
};

} // namespace troupe::actors
