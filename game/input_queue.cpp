#include "game/input_queue.hpp"

#include <algorithm>
#include <utility>

namespace troupe::game {

errc input_queue::push(incoming::input next, std::uint64_t tick, const limits& allowed) {
  if (next.tick > tick && next.tick - tick > allowed.lead)
    return errc::bad_arguments;
  auto& mine = backlogs_[next.from];
  if (mine.size >= allowed.queued)
    return errc::rate_limited;
  ++mine.size;
  mine.last_tick = next.tick = std::max(next.tick, mine.last_tick);
  waiting_.push_back(std::move(next));
  return errc::ok;
}

std::vector<incoming::input> input_queue::take(std::uint64_t tick, const limits& allowed) {
  std::vector<incoming::input> due;
  std::vector<incoming::input> later;
  std::map<player_id, std::uint32_t> taken;
  for (auto& each : waiting_) {
    auto& count = taken[each.from];
    const bool is_due = each.tick <= tick && count < allowed.per_tick;
    count += is_due ? 1 : 0;
    (is_due ? due : later).push_back(std::move(each));
  }
  waiting_ = std::move(later);
  for (const auto& [who, count] : taken)
    if (auto& mine = backlogs_[who]; (mine.size -= std::min(mine.size, count)) == 0)
      backlogs_.erase(who);
  return due;
}

void input_queue::forget(player_id who) {
  std::erase_if(waiting_, [&](const incoming::input& each) { return each.from == who; });
  backlogs_.erase(who);
}

void input_queue::clear() noexcept {
  waiting_.clear();
  backlogs_.clear();
}

} // namespace troupe::game
