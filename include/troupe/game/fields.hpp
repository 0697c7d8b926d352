#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <tuple>
#include <type_traits>

// Members of a state that travel in fewer bits than they have in memory. Each behaves like the
// number it holds, which stays as exact as it was assigned: only its copy on the wire is rounded.

namespace troupe::game {

/// A number from `Low` to `High` in steps of 1 / `StepsPerUnit`; what lies outside travels as the
/// nearer end. `ranged<0, 4096, 16>` takes 17 bits, `ranged<-1, 1, 100>` takes 8.
///
/// Threading:  as a number. Ownership: none. Errors: none; not-a-number travels as `Low`.
template <std::int64_t Low, std::int64_t High, std::int64_t StepsPerUnit = 1>
class ranged {
  static_assert(Low < High && StepsPerUnit > 0, "a range needs two ends and at least one step");
  static_assert(Low >= -(1LL << 40) && High <= 1LL << 40 && StepsPerUnit <= 1LL << 20
                    && (High - Low) <= ((1LL << 32) - 1) / StepsPerUnit,
                "a ranged field has at most 32 bits");

public:
  static constexpr std::int64_t low = Low;
  static constexpr std::int64_t high = High;
  static constexpr std::int64_t steps = StepsPerUnit;
  static constexpr std::uint64_t top = static_cast<std::uint64_t>((High - Low) * StepsPerUnit);

  /// Float where it tells all steps apart, else double.
  using value_type = std::conditional_t<std::max(Low < 0 ? -Low : Low, High < 0 ? -High : High)
                                            < (1LL << 22) / StepsPerUnit,
                                        float, double>;

  constexpr ranged() noexcept = default;
  template <class Number>
    requires std::is_arithmetic_v<Number>
  constexpr ranged(Number value) noexcept // NOLINT: stands for a number
      : value_{static_cast<value_type>(value)} {}
  constexpr operator value_type&() noexcept { return value_; }   // NOLINT
  constexpr operator const value_type&() const noexcept { return value_; } // NOLINT

  std::uint64_t code() const noexcept {
    const double step = (double{value_} - static_cast<double>(Low)) * static_cast<double>(steps);
    if (!(step > 0))
      return 0;
    return step >= static_cast<double>(top) ? top : static_cast<std::uint64_t>(std::round(step));
  }
  void set_code(std::uint64_t code) noexcept { value_ = static_cast<value_type>(decode(code)); }
  static double decode(std::uint64_t code) noexcept {
    return static_cast<double>(Low) + static_cast<double>(code) / static_cast<double>(steps);
  }

  auto saved() noexcept { return std::tie(value_); }

private:
  value_type value_ = 0;
};

/// An integer from `Low` to `High`; what lies outside travels as the nearer end.
///
/// Threading:  as a number. Ownership: none. Errors: none.
template <std::int64_t Low, std::int64_t High>
class small_int {
  static_assert(Low < High && Low >= std::numeric_limits<std::int32_t>::min()
                    && High <= std::numeric_limits<std::int32_t>::max(),
                "a small integer lies within 32 bits");

public:
  using value_type = std::int32_t;
  static constexpr std::int64_t low = Low;
  static constexpr std::int64_t high = High;
  static constexpr std::uint64_t top = static_cast<std::uint64_t>(High - Low);

  constexpr small_int() noexcept = default;
  constexpr small_int(value_type value) noexcept : value_{value} {} // NOLINT: stands for a number
  constexpr operator value_type&() noexcept { return value_; }      // NOLINT
  constexpr operator const value_type&() const noexcept { return value_; } // NOLINT

  std::uint64_t code() const noexcept {
    return static_cast<std::uint64_t>(std::clamp<std::int64_t>(value_, Low, High) - Low);
  }
  void set_code(std::uint64_t code) noexcept {
    value_ = static_cast<value_type>(static_cast<std::int64_t>(code) + Low);
  }

  auto saved() noexcept { return std::tie(value_); }

private:
  value_type value_ = Low > 0 ? static_cast<value_type>(Low) : 0;
};

/// An unsigned integer of `Count` bits.
template <unsigned Count>
using bits = small_int<0, (std::int64_t{1} << Count) - 1>;

/// A direction in radians, which travels as one of 2^`Bits` parts of a turn; 1 to 24 bits. Arrives
/// as a value from 0 to just below 2 pi.
///
/// Threading:  as a number. Ownership: none. Errors: none; what is not finite travels as 0.
template <unsigned Bits>
class angle {
  static_assert(Bits >= 1 && Bits <= 24, "an angle has 1 to 24 bits");

public:
  using value_type = std::conditional_t<(Bits <= 20), float, double>;
  static constexpr unsigned width = Bits;
  static constexpr std::uint64_t top = (std::uint64_t{1} << Bits) - 1;

  constexpr angle() noexcept = default;
  template <class Number>
    requires std::is_arithmetic_v<Number>
  constexpr angle(Number value) noexcept // NOLINT: stands for a number
      : value_{static_cast<value_type>(value)} {}
  constexpr operator value_type&() noexcept { return value_; }  // NOLINT
  constexpr operator const value_type&() const noexcept { return value_; } // NOLINT

  std::uint64_t code() const noexcept {
    if (!std::isfinite(value_))
      return 0;
    const double part = std::remainder(double{value_}, 2 * std::numbers::pi) / unit();
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(std::round(part))) & top;
  }
  void set_code(std::uint64_t code) noexcept { value_ = static_cast<value_type>(decode(code)); }
  static double decode(std::uint64_t code) noexcept { return static_cast<double>(code) * unit(); }

  auto saved() noexcept { return std::tie(value_); }

private:
  static constexpr double unit() noexcept {
    return 2 * std::numbers::pi / static_cast<double>(top + 1);
  }

  value_type value_ = 0;
};

} // namespace troupe::game
