#pragma once
#include "troupe/payload.hpp"
#include "troupe/timers.hpp"

#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace troupe::game {

/// What a room has asked to be reminded of: data, not functions, so that it survives a restore.
///
/// Threading:  belongs to its room.
class tick_timers {
public:
  struct timer {
    std::uint32_t kind = 0; ///< index among the timers of the room's kind
    payload what = payload();
    auto saved() { return std::tie(kind, what.bytes, what.kind); }
  };

  timer_id add(std::uint64_t due, std::uint32_t kind, payload what) {
    waiting_.emplace(std::pair{due, ++last_}, timer{kind, std::move(what)});
    return last_;
  }
  void cancel(timer_id id) {
    std::erase_if(waiting_, [&](const auto& each) { return each.first.second == id; });
  }
  /// Takes the first that is due at `tick`, in the order of their deadlines, then of their making.
  bool take(std::uint64_t tick, timer& to) {
    if (waiting_.empty() || waiting_.begin()->first.first > tick)
      return false;
    to = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    return true;
  }
  void clear() noexcept { waiting_.clear(); }
  std::size_t size() const noexcept { return waiting_.size(); }

  auto saved() { return std::tie(waiting_, last_); }

private:
  std::map<std::pair<std::uint64_t, timer_id>, timer> waiting_; // by deadline
  timer_id last_ = 0;
};

} // namespace troupe::game
