#pragma once
#include "tools/load_units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace troupe::load {

/// Counts durations in log-linear buckets, in the manner of HdrHistogram: 64 buckets per power of
/// two.
///
/// A quantile is off by at most 1/64 (1.6 %) of its value, whatever its magnitude, and recording
/// costs a shift and an increment. Values above `max_value` are counted in the last bucket; the
/// exact minimum, maximum and sum are kept beside the buckets.
///
/// Threading:  one thread at a time.
/// Ownership:  a plain value of about 19 KiB; copying copies the counts.
/// Errors:     none; negative values count as zero.
class histogram {
public:
  static constexpr nanoseconds max_value{std::int64_t{1} << 42}; ///< 73 minutes

  void record(nanoseconds value) noexcept { record(value, 1); }
  void record(nanoseconds value, std::uint64_t times) noexcept;

  /// Adds all counts of `other`.
  void merge(const histogram& other) noexcept;
  void clear() noexcept { *this = histogram{}; }

  std::uint64_t count() const noexcept { return count_; }
  nanoseconds min() const noexcept { return nanoseconds{count_ == 0 ? 0 : min_}; }
  nanoseconds max() const noexcept { return nanoseconds{max_}; }
  nanoseconds mean() const noexcept;

  /// The smallest bucket bound that at least `fraction` of all values do not exceed, never above
  /// `max()`. Zero when nothing was recorded.
  /// @pre 0 <= fraction <= 1.
  nanoseconds quantile(double fraction) const noexcept;

private:
  static constexpr unsigned precision_bits = 6; ///< 2^6 buckets per power of two
  static constexpr std::size_t bucket_count = (42U - precision_bits + 1U) << precision_bits;

  static std::size_t bucket_of(std::uint64_t value) noexcept;
  static std::uint64_t highest_in(std::size_t bucket) noexcept;

  std::array<std::uint64_t, bucket_count> buckets_{};
  std::uint64_t count_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
  double sum_ = 0;
};

} // namespace troupe::load
