#include "net/timer_wheel.hpp"

#include <algorithm>
#include <bit>

namespace troupe::net {

using tick_duration = std::chrono::duration<std::int64_t, std::ratio<1, 16'000>>;

namespace {

constexpr std::uint64_t ticks_per_millisecond = 16;
constexpr std::uint64_t far_ahead = 4'000 * ticks_per_millisecond;

} // namespace

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
      while (!head.is_empty())
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
  if (t.tick_ - target_tick_ > far_ahead)
    t.tick_ += (ticks_per_millisecond - t.tick_ % ticks_per_millisecond) % ticks_per_millisecond;
  place(t);
}

void timer_wheel::link(list_head& head, timer& t) noexcept {
  head.tick_ = head.is_empty() ? t.tick_ : std::min(head.tick_, t.tick_);
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
  while (!head.is_empty()) {
    auto& t = *head.next_;
    t.disarm();
    link(pending, t);
  }
  while (!pending.is_empty()) {
    auto& t = *pending.next_;
    t.disarm();
    place(t);
  }
  pending.previous_ = pending.next_ = nullptr;
}

void timer_wheel::fire(std::size_t slot, time_point now) noexcept {
  auto& head = wheel_[0][slot];
  list_head due;
  while (!head.is_empty()) {
    auto& t = *head.next_;
    t.disarm();
    link(due, t);
  }
  while (!due.is_empty()) {
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
    now_tick_ = std::min(target, next_slot()); // what is empty is skipped
    for (unsigned level = 1; level < levels; ++level)
      if (now_tick_ % (std::uint64_t{1} << (level * slot_bits)) == 0)
        cascade(level);
    fire(now_tick_ % slots, now);
  }
}

/// Where the next slot of the level begins that holds timers.
std::uint64_t timer_wheel::next_occupied(unsigned level) const noexcept {
  auto shift = level * slot_bits;
  auto base = now_tick_ >> shift;
  // Bit 0 of the rotated map is the slot after the present one.
  auto candidates = std::rotr(occupied_[level], static_cast<int>((base + 1) % slots));
  while (candidates != 0) {
    auto distance = static_cast<std::uint64_t>(std::countr_zero(candidates)) + 1;
    auto slot = (base + distance) % slots;
    if (!wheel_[level][slot].is_empty())
      return (base + distance) << shift;
    occupied_[level] &= ~(std::uint64_t{1} << slot);
    candidates &= candidates - 1;
  }
  return UINT64_MAX;
}

std::uint64_t timer_wheel::next_slot() const noexcept {
  auto earliest = UINT64_MAX;
  for (unsigned level = 0; level < levels; ++level)
    earliest = std::min(earliest, next_occupied(level));
  return earliest;
}

std::optional<time_point> timer_wheel::next_wakeup() const noexcept {
  // The first slot of a level holds its earliest timer, but for the last level: what is too far
  // ahead stands in any of its slots.
  auto earliest = next_occupied(levels - 1);
  for (unsigned level = 0; level < levels - 1; ++level)
    if (auto begin = next_occupied(level); begin != UINT64_MAX)
      earliest = std::min(earliest, wheel_[level][(begin >> (level * slot_bits)) % slots].tick_);
  if (earliest == UINT64_MAX)
    return std::nullopt;
  return start_ + tick_duration{static_cast<std::int64_t>(earliest)};
}

} // namespace troupe::net
