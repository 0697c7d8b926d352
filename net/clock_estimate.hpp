#pragma once
#include <chrono>
#include <cstddef>
#include <deque>

namespace troupe::net {

/// The difference between the server's clock and a local one, from exchanged time stamps.
///
/// A reply that came back fast says most, so of the last samples the one with the shortest round
/// trip counts. Its error is at most half of that round trip.
///
/// Threading:  distinct objects are independent; one object belongs to one thread.
class clock_estimate {
public:
  using microseconds = std::chrono::microseconds;

  /// One exchange: asked and answered by the local clock, in between the server's clock was read.
  void add(microseconds asked, microseconds server, microseconds answered) {
    const auto round_trip = answered - asked;
    if (round_trip.count() < 0)
      return;
    samples_.push_back({round_trip, server - (asked + round_trip / 2)});
    if (samples_.size() > kept)
      samples_.pop_front();
  }

  /// Forgets everything: another server, or its clock was set.
  void reset() noexcept { samples_.clear(); }

  bool is_known() const noexcept { return !samples_.empty(); }
  /// What to add to the local clock to get the server's; zero as long as nothing is known.
  microseconds offset() const noexcept { return best().offset; }
  /// The round trip behind `offset`; zero as long as nothing is known.
  microseconds round_trip() const noexcept { return best().round_trip; }

private:
  static constexpr std::size_t kept = 8;

  struct sample {
    microseconds round_trip{0};
    microseconds offset{0};
  };

  sample best() const noexcept {
    sample result;
    for (const auto& one : samples_)
      if (&one == &samples_.front() || one.round_trip < result.round_trip)
        result = one;
    return result;
  }

  std::deque<sample> samples_;
};

} // namespace troupe::net
