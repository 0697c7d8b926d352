#pragma once
#include <cstdint>

namespace troupe::load {

/// What the number of an arriving message says.
enum class arrival : std::uint8_t {
  in_order,  ///< the next one, or a later one after a gap
  late,      ///< fills a gap: it was overtaken by a later message
  duplicate, ///< arrived before
  too_old,   ///< more than 64 behind the newest: late or duplicate, nobody can tell any more
};

/// Follows the numbers 0, 1, 2, ... of one sender as one receiver sees them.
///
/// It remembers the last 64 arrivals as a bit mask, as replay protection does, so that a message
/// which was overtaken is told apart from one that came twice. 16 bytes per pair of sender and
/// receiver.
///
/// Threading:  one thread at a time.
/// Errors:     none: every number is classified.
class sequence_checker {
public:
  arrival accept(std::uint32_t sequence) noexcept;

  /// The number that would follow the newest one seen.
  std::uint32_t next() const noexcept { return next_; }

  /// Numbers below `next()` that have not arrived.
  std::uint32_t missing() const noexcept { return missing_; }

  /// Whether `sequence` has arrived; exact for the last 64 numbers, assumed true before.
  bool has_seen(std::uint32_t sequence) const noexcept;

private:
  arrival advance_to(std::uint32_t sequence) noexcept;

  std::uint64_t recent_ = 0; ///< bit i: number next_ - 1 - i has arrived
  std::uint32_t next_ = 0;
  std::uint32_t missing_ = 0;
};

} // namespace troupe::load
