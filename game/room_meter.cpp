#include "game/room_meter.hpp"

#include <utility>

namespace troupe::game {

namespace {

constexpr std::chrono::seconds window{1};
constexpr std::chrono::seconds silence{10};
constexpr double busy_limit = 0.9;

} // namespace

void room_meter::woke(const tick_clock::due& what) noexcept {
  if (what.ticks == 0)
    return;
  jitter_.record(what.late);
  lost_ += what.lost;
  overruns_ += what.ticks + what.lost > 1 ? 1 : 0;
}

void room_meter::ticked(nanoseconds duration) noexcept {
  duration_.record(duration);
  cpu_ += duration;
}

std::optional<room_meter::overload> room_meter::check(nanoseconds now) noexcept {
  if (!checked_at_)
    checked_at_ = now;
  const auto elapsed = now - *checked_at_;
  if (elapsed < window)
    return {};
  checked_at_ = now;
  const std::chrono::duration<double> worked = cpu_ - std::exchange(cpu_then_, cpu_);
  const overload found{.lost_ticks = lost_ - std::exchange(lost_then_, lost_),
                       .busy = worked / elapsed};
  const bool is_overloaded = found.lost_ticks > 0 || found.busy > busy_limit;
  if (!is_overloaded || (told_at_ && now - *told_at_ < silence))
    return {};
  told_at_ = now;
  return found;
}

} // namespace troupe::game
