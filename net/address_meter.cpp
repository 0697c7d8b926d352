#include "net/address_meter.hpp"

#include <iterator>

namespace troupe::net {

bool address_meter::take(const std::string& address, double rate, double burst, time_point now) {
  if (rate <= 0)
    return true;
  const std::lock_guard guard{mutex_};
  if (buckets_.size() >= max_addresses && !buckets_.contains(address))
    make_room(rate, burst, now);
  return buckets_[address].take(1, rate, burst, now);
}

std::size_t address_meter::size() const {
  const std::lock_guard guard{mutex_};
  return buckets_.size();
}

void address_meter::make_room(double rate, double burst, time_point now) {
  for (auto each = buckets_.begin(); each != buckets_.end();) {
    each->second.take(0, rate, burst, now);
    each = each->second.used() <= 0 ? buckets_.erase(each) : std::next(each);
  }
  if (buckets_.size() > max_addresses / 2)
    buckets_.clear(); // so many addresses do not wait for an allowance
}

} // namespace troupe::net
