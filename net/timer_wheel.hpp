#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace troupe::net {

using steady_clock = std::chrono::steady_clock;
using time_point = steady_clock::time_point;

class timer_wheel;

/// One pending deadline, linked into the wheel it was armed on (an intrusive node, no allocation).
///
/// Threading:  belongs to the thread of its wheel.
/// Lifetime:   may be destroyed at any time, also from its own `on_timer`; that disarms it.
class timer {
public:
  timer() noexcept = default;
  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;

  bool is_armed() const noexcept { return next_ != nullptr; }
  void disarm() noexcept;

protected:
  virtual ~timer() { disarm(); }

private:
  friend class timer_wheel;
  virtual void on_timer(time_point now) noexcept = 0;

  timer* previous_ = nullptr;
  timer* next_ = nullptr;
  std::uint64_t tick_ = 0;
};

/// Hierarchical timing wheel (Varghese and Lauck 1987): arming, disarming and firing are O(1).
///
/// Five levels of 64 slots, 1/16 ms per slot of the first: deadlines up to 18.6 hours ahead; later
/// ones are kept in the last slot and sorted again when it comes round. A timer never fires early
/// and fires on the first `advance` after its deadline, rounded up to a slot. Deadlines that are more
/// than 4 s ahead are rounded up to whole milliseconds: nobody needs those to be exact, and timers
/// that share a slot share a wake-up.
///
/// Threading:  one thread. Time is an argument, so tests need no clock.
class timer_wheel {
public:
  explicit timer_wheel(time_point start) noexcept;
  ~timer_wheel();
  timer_wheel(const timer_wheel&) = delete;
  timer_wheel& operator=(const timer_wheel&) = delete;

  /// (Re)arms `t` for `deadline`; a deadline in the past fires on the next `advance`.
  void arm(timer& t, time_point deadline) noexcept;

  /// Fires everything due at `now`, in order of the tick. Timers armed meanwhile fire at the
  /// earliest on the next call.
  void advance(time_point now) noexcept;

  /// When to call `advance` next: the earliest deadline, or a time before it if timers were
  /// disarmed or are hours ahead; none when idle.
  std::optional<time_point> next_wakeup() const noexcept;

private:
  static constexpr unsigned levels = 5;
  static constexpr unsigned slot_bits = 6;
  static constexpr std::uint64_t slots = 1U << slot_bits;

  /// Head of a circular list: its links, and as its tick the earliest of those that were linked
  /// since it was empty.
  struct list_head final : timer {
    list_head() noexcept;
    void on_timer(time_point) noexcept override {}
    bool is_empty() const noexcept { return next_ == this; }
    friend class timer_wheel;
  };

  std::uint64_t to_tick(time_point t) const noexcept;
  void place(timer& t) noexcept;
  void cascade(unsigned level) noexcept;
  void fire(std::size_t slot, time_point now) noexcept;
  static void link(list_head& head, timer& t) noexcept;
  void link(unsigned level, std::uint64_t position, timer& t) noexcept;
  std::uint64_t next_occupied(unsigned level) const noexcept;
  std::uint64_t next_slot() const noexcept;

  time_point start_;
  std::uint64_t now_tick_ = 0;    ///< the last tick that was fired
  std::uint64_t target_tick_ = 0; ///< where `advance` is going
  std::array<std::array<list_head, slots>, levels> wheel_;
  /// Bit i: slot i may hold timers. Disarming leaves the bit; the next look clears it.
  mutable std::array<std::uint64_t, levels> occupied_{};
};

} // namespace troupe::net
