#include "actors/timer_set.hpp"

#include <algorithm>
#include <utility>

namespace troupe::actors {

class timer_set::entry final : public net::timer {
public:
  entry(timer_set& the_owner, timer_id the_id, std::chrono::microseconds the_period,
        std::function<void()> to_fire)
    : owner{the_owner}, id{the_id}, period{the_period}, fire{std::move(to_fire)} {}

  void on_timer(net::time_point now) noexcept override { owner.run(*this, now); }

  timer_set& owner;
  const timer_id id;
  const std::chrono::microseconds period; ///< 0: once
  std::function<void()> fire;
  net::time_point due;
};

timer_set::timer_set(net::reactor& home) : home_{home} {}

timer_set::~timer_set() = default;

timer_id timer_set::after(std::chrono::microseconds delay, std::function<void()> fire) {
  return add(home_.now() + delay, {}, std::move(fire));
}

timer_id timer_set::at(net::time_point deadline, std::function<void()> fire) {
  return add(deadline, {}, std::move(fire));
}

timer_id timer_set::every(std::chrono::microseconds period, std::function<void()> fire) {
  period = std::max<std::chrono::microseconds>(period, std::chrono::milliseconds{1});
  return add(home_.now() + period, period, std::move(fire));
}

timer_id timer_set::add(net::time_point deadline, std::chrono::microseconds period,
                        std::function<void()> fire) {
  auto added = std::make_shared<entry>(*this, ++last_, period, std::move(fire));
  added->due = deadline;
  home_.timers.arm(*added, added->due);
  entries_.emplace(last_, std::move(added));
  return last_;
}

void timer_set::run(entry& due, net::time_point now) noexcept {
  // The function may cancel its own timer, or all of them: keep the entry until it returned.
  auto kept = entries_.at(due.id);
  if (kept->period.count() == 0) {
    entries_.erase(kept->id);
  } else {
    // Deadlines are multiples of the period; those that were missed altogether are skipped.
    auto missed = std::max<std::int64_t>((now - kept->due) / kept->period, 0);
    kept->due += kept->period * (missed + 1);
    home_.timers.arm(*kept, kept->due);
  }
  kept->fire();
}

void timer_set::cancel(timer_id id) noexcept {
  entries_.erase(id);
}

void timer_set::clear() noexcept {
  entries_.clear();
}

} // namespace troupe::actors
