#include "tools/load_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace troupe::load {

std::size_t histogram::bucket_of(std::uint64_t value) noexcept {
  constexpr unsigned exact_bits = precision_bits + 1; // below 2^7 each value has its own bucket
  const auto width = static_cast<unsigned>(std::bit_width(value));
  const unsigned shift = width > exact_bits ? width - exact_bits : 0;
  const auto bucket = (std::size_t{shift} << precision_bits) + (value >> shift);
  return std::min(bucket, bucket_count - 1);
}

std::uint64_t histogram::highest_in(std::size_t bucket) noexcept {
  constexpr std::size_t per_octave = std::size_t{1} << precision_bits;
  const std::size_t shift = bucket < 2 * per_octave ? 0 : bucket / per_octave - 1;
  const std::uint64_t base = bucket - shift * per_octave;
  return ((base + 1) << shift) - 1;
}

void histogram::record(nanoseconds value, std::uint64_t times) noexcept {
  const auto ticks = std::max<std::int64_t>(value.count(), 0);
  min_ = count_ == 0 ? ticks : std::min(min_, ticks);
  max_ = std::max(max_, ticks);
  buckets_[bucket_of(static_cast<std::uint64_t>(ticks))] += times;
  count_ += times;
  sum_ += static_cast<double>(ticks) * static_cast<double>(times);
}

void histogram::merge(const histogram& other) noexcept {
  if (other.count_ == 0)
    return;
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket)
    buckets_[bucket] += other.buckets_[bucket];
  count_ += other.count_;
  sum_ += other.sum_;
}

nanoseconds histogram::mean() const noexcept {
  return nanoseconds{count_ == 0 ? 0 : std::llround(sum_ / static_cast<double>(count_))};
}

nanoseconds histogram::quantile(double fraction) const noexcept {
  if (count_ == 0)
    return nanoseconds{0};
  const auto wanted = std::ceil(std::clamp(fraction, 0.0, 1.0) * static_cast<double>(count_));
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket + 1 < bucket_count; ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank)
      return nanoseconds{std::min(static_cast<std::int64_t>(highest_in(bucket)), max_)};
  }
  return max();
}

} // namespace troupe::load
