#include "tools/load_pacing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace troupe::load {

pacing::pacing(double rate, std::size_t burst, std::size_t senders, std::uint64_t seed)
    : rate_{rate}, burst_{burst}, order_(senders) {
  std::iota(order_.begin(), order_.end(), 0U);
  std::mt19937_64 random{seed};
  std::shuffle(order_.begin(), order_.end(), random);
}

void pacing::start(instant at) noexcept {
  start_ = at;
  number_ = 0;
}

pacing::slot pacing::next() const noexcept {
  const auto first_of_burst = static_cast<double>(number_ - number_ % burst_);
  const nanoseconds offset{std::llround(first_of_burst / rate_ * 1e9)};
  return {start_ + offset, order_[number_ % order_.size()]};
}

} // namespace troupe::load
