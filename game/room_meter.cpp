#include "game/room_meter.hpp"

#include <algorithm>
#include <utility>

namespace troupe::game {

namespace {

constexpr std::chrono::milliseconds window{500};
constexpr std::chrono::seconds silence{10};

} // namespace

void room_meter::woke(const tick_clock::due& what) noexcept {
  if (what.ticks == 0)
    return;
  costs_.tick_jitter.record(what.late);
  costs_.lost_ticks += what.lost;
  costs_.overruns += what.ticks + what.lost > 1 ? 1 : 0;
}

std::optional<room_meter::overload> room_meter::check(nanoseconds now, double busy_limit) noexcept {
  if (!checked_at_)
    checked_at_ = now;
  const auto elapsed = now - *checked_at_;
  if (elapsed < window)
    return {};
  checked_at_ = now;
  const auto cpu = costs_.cpu - std::exchange(cpu_then_, costs_.cpu);
  const auto ticks = costs_.tick_duration.sum() - ticks_then_;
  ticks_then_ = costs_.tick_duration.sum();
  // A thread that has to share its processor is busy for longer than it computes.
  const std::chrono::duration<double> worked = std::max(cpu, ticks);
  const auto lost = costs_.lost_ticks - std::exchange(lost_then_, costs_.lost_ticks);
  const overload found{.within = elapsed, .lost_ticks = lost, .busy = std::min(worked / elapsed, 1.0)};
  const bool is_overloaded = found.lost_ticks > 0 || found.busy > busy_limit;
  if (!is_overloaded || (told_at_ && now - *told_at_ < silence))
    return {};
  told_at_ = now;
  return found;
}

} // namespace troupe::game
