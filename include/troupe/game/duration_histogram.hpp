#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace troupe::game {

/// Counts durations in 16 buckets per power of two: a quantile is off by at most 1/16 of itself.
///
/// Every room has a few of these, so it is small: 2.3 KiB. Durations above 68 s count as 68 s.
///
/// Threading:  one thread at a time.
/// Ownership:  a plain value.
/// Errors:     none; negative durations count as zero.
class duration_histogram {
public:
  using nanoseconds = std::chrono::nanoseconds;

  void record(nanoseconds value) noexcept;
  void merge(const duration_histogram& other) noexcept;
  /// What was recorded after `earlier`, a copy of this one. The maximum stays that of all.
  duration_histogram since(const duration_histogram& earlier) const noexcept;

  std::uint64_t count() const noexcept { return count_; }
  nanoseconds max() const noexcept { return max_; }
  nanoseconds sum() const noexcept { return sum_; }
  /// The smallest bound that at least `fraction` of all durations do not exceed; never above
  /// `max()`. Zero if there are none. @pre 0 <= fraction <= 1
  nanoseconds quantile(double fraction) const noexcept;

private:
  static constexpr unsigned precision_bits = 4;
  static constexpr unsigned value_bits = 36;
  static constexpr std::size_t bucket_count = (value_bits - precision_bits + 1) << precision_bits;

  static std::size_t bucket_of(std::uint64_t value) noexcept;
  static std::uint64_t highest_in(std::size_t bucket) noexcept;

  std::array<std::uint32_t, bucket_count> buckets_{};
  std::uint64_t count_ = 0;
  nanoseconds max_{0};
  nanoseconds sum_{0};
};

} // namespace troupe::game
