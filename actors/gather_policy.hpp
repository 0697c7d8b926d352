#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>

namespace troupe::actors {

/// Decides whether a shard waits a moment before it writes a large broadcast.
///
/// A broadcast to hundreds costs hundreds of system calls; another one that arrives within the
/// next microseconds can share them. Publishers that wait for each other's messages come in bursts,
/// others never do, so the policy remembers: it waits while waiting pays, and tries again
/// now and then after it stopped paying.
///
/// Threading:  one thread. Bounds: adds at most `longest` to the latency of such a broadcast, and
///             `silence` when nothing comes.
class gather_policy {
public:
  static constexpr std::chrono::microseconds silence{20};  ///< without news: go on and write
  static constexpr std::chrono::microseconds longest{200}; ///< in total
  static constexpr std::size_t least_fan_out = 64;         ///< deliveries that make it worthwhile

  /// @param fan_out  deliveries about to be written.
  bool is_worthwhile(std::size_t fan_out) noexcept {
    if (fan_out < least_fan_out)
      return false;
    return confidence_ > 0 || ++declined_ % retry_every == 0;
  }

  /// @param paid  whether waiting brought another broadcast.
  void learn(bool paid) noexcept {
    confidence_ = paid ? most_confident : std::max(confidence_ - 1, 0);
  }

private:
  static constexpr int most_confident = 4; ///< so many disappointments in a row end the waiting
  static constexpr unsigned retry_every = 16;

  int confidence_ = most_confident;
  unsigned declined_ = 0;
};

} // namespace troupe::actors
