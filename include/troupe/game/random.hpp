#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>

namespace troupe::game {

/// The random numbers of a room: PCG32 (XSH-RR 64/32, O'Neill 2014), 16 bytes of state.
///
/// The distributions of the standard library differ between implementations; these do not: one seed
/// gives the same numbers everywhere. Not for secrets.
///
/// Threading:  distinct objects are independent.
/// Ownership:  a plain value; a copy continues with the same numbers.
/// Errors:     none.
class random_source {
public:
  using result_type = std::uint32_t;

  /// Generators with different streams are independent, whatever their seeds.
  explicit constexpr random_source(std::uint64_t seed = 0, std::uint64_t stream = 0) noexcept
      : step_{stream << 1 | 1} {
    next();
    state_ += seed;
    next();
  }

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }
  constexpr result_type operator()() noexcept { return next(); }

  constexpr std::uint64_t bits64() noexcept {
    const std::uint64_t high = next();
    return high << 32 | next();
  }

  /// An integer in 0 ... count - 1, each as likely; 0 if `count` is 0.
  constexpr std::uint32_t below(std::uint32_t count) noexcept {
    if (count == 0)
      return 0;
    const std::uint32_t uneven = (0U - count) % count; // that many results would be one too many
    for (;;)
      if (const auto drawn = next(); drawn >= uneven)
        return drawn % count;
  }

  /// An integer in `least` ... `most`, both included. @pre least <= most, most - least < 2^32 - 1
  constexpr std::int32_t between(std::int32_t least, std::int32_t most) noexcept {
    const auto span = static_cast<std::uint32_t>(most) - static_cast<std::uint32_t>(least) + 1;
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(least) + below(span));
  }

  /// A number in [0, 1) with 53 random bits.
  constexpr double unit() noexcept { return static_cast<double>(bits64() >> 11) * 0x1p-53; }

  /// A number in [least, most).
  constexpr double between(double least, double most) noexcept {
    return least + (most - least) * unit();
  }

  constexpr bool chance(double probability) noexcept { return unit() < probability; }

  /// Puts the elements into a random order.
  template <class Range>
  constexpr void shuffle(Range& range) {
    for (auto left = static_cast<std::uint32_t>(range.size()); left > 1; --left)
      std::swap(range[left - 1], range[below(left)]);
  }

  auto saved() { return std::tie(state_, step_); }
  friend constexpr bool operator==(const random_source&, const random_source&) = default;

private:
  constexpr std::uint32_t next() noexcept {
    const auto old = state_;
    state_ = old * 6364136223846793005U + step_;
    const auto mixed = static_cast<std::uint32_t>((old >> 18 ^ old) >> 27);
    const auto turn = static_cast<std::uint32_t>(old >> 59);
    return mixed >> turn | mixed << (-turn & 31U);
  }

  std::uint64_t state_ = 0;
  std::uint64_t step_;
};

} // namespace troupe::game
