#pragma once
#include "tools/load_units.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace troupe::load {

/// When each message of an open-loop run is due, and who sends it.
///
/// All send times follow from the start, the rate and the message's number alone: a slow server or
/// a late client moves no later message, so queueing cannot hide (no coordinated omission). Senders
/// take turns in an order shuffled once from a seed, so that the members of a room are out of
/// step, as real players are; `burst` consecutive messages share one due time, as a game tick does.
///
/// Threading:  one thread at a time. Time is an argument.
/// Errors:     none.
class pacing {
public:
  struct slot {
    instant due;
    std::uint32_t sender; ///< 0 ... senders - 1
  };

  /// @param rate     messages per second, all senders together; > 0.
  /// @param burst    messages that share a due time; >= 1.
  /// @param senders  >= 1.
  pacing(double rate, std::size_t burst, std::size_t senders, std::uint64_t seed);

  void start(instant at) noexcept;

  /// The message to be sent next.
  slot next() const noexcept;
  void advance() noexcept { ++number_; }

  /// Messages handed out by `advance` since `start`.
  std::uint64_t handed_out() const noexcept { return number_; }

private:
  double rate_;
  std::uint64_t burst_;
  std::vector<std::uint32_t> order_;
  instant start_{};
  std::uint64_t number_ = 0;
};

} // namespace troupe::load
