#include "net/timer_wheel.hpp"

#include <algorithm>
#include <bit>

namespace troupe::net {

using tick_duration = std::chrono::milliseconds;

void timer::disarm() noexcept {
  if (next_ == nullptr)
    return;
  previous_->next_ = next_;
  next_->previous_ = previous_;
  previous_ = next_ = nullptr;
}

timer_wheel::list_head::list_head() noexcept {
  previous_ = next_ = this;
}

timer_wheel::timer_wheel(time_point start) noexcept : start_{start} {}

timer_wheel::~timer_wheel() {
  for (auto& level : wheel_)
    for (auto& head : level)
      while (head.next_ != &head)
        head.next_->disarm();
}

std::uint64_t timer_wheel::to_tick(time_point t) const noexcept {
  if (t <= start_)
    return 0;
  return static_cast<std::uint64_t>(std::chrono::ceil<tick_duration>(t - start_).count());
}

void timer_wheel::arm(timer& t, time_point deadline) noexcept {
  t.disarm();
  t.tick_ = std::max(to_tick(deadline), target_tick_ + 1);
  place(t);
}

void timer_wheel::link(timer& head, timer& t) noexcept {
  t.previous_ = head.previous_;
  t.next_ = &head;
  head.previous_->next_ = &t;
  head.previous_ = &t;
}

void timer_wheel::link(unsigned level, std::uint64_t position, timer& t) noexcept {
  link(wheel_[level][position % slots], t);
  occupied_[level] |= std::uint64_t{1} << (position % slots);
}

void timer_wheel::place(timer& t) noexcept {
  for (unsigned level = 0; level < levels; ++level) {
    auto shift = level * slot_bits;
    // A level covers the 64 slots after the present one; the coarser levels are cascaded on entry.
    if ((t.tick_ >> shift) - (now_tick_ >> shift) < slots)
      return link(level, t.tick_ >> shift, t);
  }
  constexpr auto last = levels - 1;
  link(last, (now_tick_ >> (last * slot_bits)) + slots - 1, t);
}

void timer_wheel::cascade(unsigned level) noexcept {
  auto& head = wheel_[level][(now_tick_ >> (level * slot_bits)) % slots];
  list_head pending;
  while (head.next_ != &head) {
    auto& t = *head.next_;
    t.disarm();
    link(pending, t);
  }
  while (pending.next_ != &pending) {
    auto& t = *pending.next_;
    t.disarm();
    place(t);
  }
  pending.previous_ = pending.next_ = nullptr;
}

void timer_wheel::fire(std::size_t slot, time_point now) noexcept {
  auto& head = wheel_[0][slot];
  list_head due;
  while (head.next_ != &head) {
    auto& t = *head.next_;
    t.disarm();
    link(due, t);
  }
  while (due.next_ != &due) {
    auto& t = *due.next_;
    t.disarm();
    t.on_timer(now);
  }
  due.previous_ = due.next_ = nullptr;
}

void timer_wheel::advance(time_point now) noexcept {
  if (now < start_)
    return;
  auto target = static_cast<std::uint64_t>(std::chrono::floor<tick_duration>(now - start_).count());
  target_tick_ = std::max(target_tick_, target);
  while (now_tick_ < target) {
    // Skip what is empty: jump to just before the next occupied slot or boundary of a level.
    auto next = next_occupied(0);
    auto boundary = (now_tick_ / slots + 1) * slots;
    now_tick_ = std::min({target, next, boundary});
    for (unsigned level = 1; level < levels; ++level)
      if (now_tick_ % (std::uint64_t{1} << (level * slot_bits)) == 0)
        cascade(level);
    fire(now_tick_ % slots, now);
  }
}

std::uint64_t timer_wheel::next_occupied(unsigned level) const noexcept {
  auto shift = level * slot_bits;
  auto base = now_tick_ >> shift;
  // Bit 0 of the rotated map is the slot after the present one.
  auto candidates = std::rotr(occupied_[level], static_cast<int>((base + 1) % slots));
  while (candidates != 0) {
    auto distance = static_cast<std::uint64_t>(std::countr_zero(candidates)) + 1;
    auto slot = (base + distance) % slots;
    auto& head = wheel_[level][slot];
    if (head.next_ != &head)
      return (base + distance) << shift;
    occupied_[level] &= ~(std::uint64_t{1} << slot);
    candidates &= candidates - 1;
  }
  return UINT64_MAX;
}

std::optional<time_point> timer_wheel::next_wakeup() const noexcept {
  auto earliest = UINT64_MAX;
  for (unsigned level = 0; level < levels; ++level)
    earliest = std::min(earliest, next_occupied(level));
  if (earliest == UINT64_MAX)
    return std::nullopt;
  return start_ + tick_duration{static_cast<std::int64_t>(earliest)};
}

} // namespace troupe::net
