#pragma once
#include "net/timer_wheel.hpp"
#include "net/token_bucket.hpp"

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace troupe::net {

/// Limits how often something may be done from each address: a `token_bucket` for each.
///
/// Bounds:     remembers `max_addresses`, and forgets those first that have used nothing lately.
/// Threading:  any thread.
class address_meter {
public:
  static constexpr std::size_t max_addresses = 65'536;

  /// Whether it may be done once more, at `rate` per second and `burst` at once; a rate of 0 means
  /// unlimited.
  bool take(const std::string& address, double rate, double burst, time_point now);
  std::size_t size() const;

private:
  void make_room(double rate, double burst, time_point now);

  mutable std::mutex mutex_; // guards the rest
  std::unordered_map<std::string, token_bucket> buckets_;
};

} // namespace troupe::net
