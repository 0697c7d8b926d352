#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <random>

namespace troupe::net {

/// How long to wait before the next attempt to connect.
struct backoff_policy {
  std::chrono::milliseconds first{250};      ///< before the second attempt
  std::chrono::milliseconds longest{15'000}; ///< waits stop growing here
  double growth = 2.0;                       ///< each wait is that many times the one before
  double jitter = 0.5;                       ///< part of each wait that is random, 0 to 1
};

/// Waits that grow with every failure and differ between clients, so that the clients of a
/// restarted server do not come back all at once.
///
/// Threading:  distinct objects are independent; one object belongs to one thread.
class backoff {
public:
  backoff(backoff_policy policy, std::uint64_t seed) : policy_(policy), random_(seed) {}

  /// The wait after one more failure: between `1 - jitter` times and once the grown wait.
  std::chrono::milliseconds next() {
    const auto grown = std::min(current_, static_cast<double>(policy_.longest.count()));
    current_ = grown * policy_.growth;
    const std::uniform_real_distribution<double> part{1.0 - policy_.jitter, 1.0};
    return std::chrono::milliseconds{static_cast<std::int64_t>(grown * draw(part))};
  }

  /// A success: the next wait is a first one again.
  void reset() noexcept { current_ = static_cast<double>(policy_.first.count()); }

private:
  double draw(std::uniform_real_distribution<double> part) { return part(random_); }

  backoff_policy policy_;
  std::mt19937_64 random_;
  double current_ = static_cast<double>(policy_.first.count());
};

} // namespace troupe::net
