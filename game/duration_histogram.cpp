#include "troupe/game/duration_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace troupe::game {

// Values below 32 have a bucket each; above, the bucket is the position of the highest bit and
// the four bits below it.

std::size_t duration_histogram::bucket_of(std::uint64_t value) noexcept {
  const auto width = static_cast<unsigned>(std::bit_width(value));
  if (width <= precision_bits + 1)
    return static_cast<std::size_t>(value);
  const auto shift = width - precision_bits - 1;
  return (static_cast<std::size_t>(shift) << precision_bits)
         + static_cast<std::size_t>(value >> shift);
}

std::uint64_t duration_histogram::highest_in(std::size_t bucket) noexcept {
  constexpr std::size_t exact = std::size_t{2} << precision_bits;
  if (bucket < exact)
    return bucket;
  const auto shift = (bucket >> precision_bits) - 1;
  const auto leading = bucket - (shift << precision_bits);
  return ((static_cast<std::uint64_t>(leading) + 1) << shift) - 1;
}

void duration_histogram::record(nanoseconds value) noexcept {
  constexpr auto most = (std::int64_t{1} << value_bits) - 1;
  const auto bounded = std::clamp<std::int64_t>(value.count(), 0, most);
  ++buckets_[bucket_of(static_cast<std::uint64_t>(bounded))];
  ++count_;
  max_ = std::max(max_, nanoseconds{bounded});
  sum_ += nanoseconds{bounded};
}

void duration_histogram::merge(const duration_histogram& other) noexcept {
  for (std::size_t i = 0; i < bucket_count; ++i)
    buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

duration_histogram duration_histogram::since(const duration_histogram& earlier) const noexcept {
  auto result = *this;
  for (std::size_t i = 0; i < bucket_count; ++i)
    result.buckets_[i] -= earlier.buckets_[i];
  result.count_ -= earlier.count_;
  result.sum_ -= earlier.sum_;
  return result;
}

duration_histogram::nanoseconds duration_histogram::quantile(double fraction) const noexcept {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < bucket_count; ++i) {
    seen += buckets_[i];
    if (seen >= wanted && seen > 0)
      return std::min(max_, nanoseconds{static_cast<std::int64_t>(highest_in(i))});
  }
  return count_ == 0 ? nanoseconds{0} : max_;
}

} // namespace troupe::game
