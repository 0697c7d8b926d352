#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe::net {

/// Questions that wait for an answer, each with a deadline; `Waiter` is what gets the answer.
///
/// Threading:  distinct objects are independent; one object belongs to one thread or mutex.
/// Errors:     none; what does not exist is reported as nothing.
template <class Waiter>
class pending_asks {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Stores `waiter` and returns the id that its answer will carry, from 1 upwards.
  std::uint64_t add(Waiter waiter, time_point deadline) {
    const auto id = ++last_id_;
    waiters_.emplace(id, entry{std::move(waiter), deadline});
    deadlines_.emplace(deadline, id);
    return id;
  }

  /// Removes the one that waits for answer `id`.
  std::optional<Waiter> take(std::uint64_t id) {
    const auto at = waiters_.find(id);
    if (at == waiters_.end())
      return std::nullopt;
    deadlines_.erase({at->second.deadline, id});
    std::optional<Waiter> result{std::move(at->second.waiter)};
    waiters_.erase(at);
    return result;
  }

  /// Removes all whose deadline has come, the oldest first.
  std::vector<Waiter> take_expired(time_point now) {
    std::vector<Waiter> result;
    while (!deadlines_.empty() && deadlines_.begin()->first <= now)
      result.push_back(*take(deadlines_.begin()->second));
    return result;
  }

  /// Removes all.
  std::vector<Waiter> take_all() { return take_expired(time_point::max()); }

  /// The earliest deadline.
  std::optional<time_point> next_deadline() const {
    return deadlines_.empty() ? std::nullopt : std::optional{deadlines_.begin()->first};
  }

  std::size_t size() const noexcept { return waiters_.size(); }

private:
  struct entry {
    Waiter waiter;
    time_point deadline;
  };

  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, entry> waiters_;
  std::set<std::pair<time_point, std::uint64_t>> deadlines_;
};

} // namespace troupe::net
