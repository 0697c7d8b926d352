#include "tools/load_histogram.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using troupe::load::histogram;
using troupe::load::nanoseconds;

namespace {

/// `count` values spread evenly over the logarithm from 1 ns to about 17 min.
std::vector<nanoseconds> log_uniform(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  std::uniform_real_distribution<double> exponent{0, 12};
  std::vector<nanoseconds> values(count);
  for (auto& value : values)
    value = nanoseconds{std::llround(std::pow(10, exponent(random)))};
  return values;
}

nanoseconds exact_quantile(std::vector<nanoseconds> values, double fraction) {
  std::sort(values.begin(), values.end());
  const auto rank = std::ceil(fraction * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

} // namespace

TEST_CASE("histogram: an empty one answers zero everywhere", "[tools][load]") {
  const histogram empty;
  CHECK(empty.count() == 0);
  CHECK(empty.quantile(0.5).count() == 0);
  CHECK(empty.min().count() == 0);
  CHECK(empty.max().count() == 0);
  CHECK(empty.mean().count() == 0);
}

TEST_CASE("histogram: values below 128 ns are exact", "[tools][load]") {
  histogram values;
  for (int value = 0; value < 100; ++value)
    values.record(nanoseconds{value});
  CHECK(values.quantile(0.01).count() == 0);
  CHECK(values.quantile(0.5).count() == 49);
  CHECK(values.quantile(0.99).count() == 98);
  CHECK(values.quantile(1).count() == 99);
}

TEST_CASE("histogram: quantiles are within 2 % of the exact ones", "[tools][load]") {
  const auto values = log_uniform(20'000, 7);
  histogram recorded;
  for (const auto value : values)
    recorded.record(value);
  for (const double fraction : {0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0}) {
    CAPTURE(fraction);
    const auto exact = static_cast<double>(exact_quantile(values, fraction).count());
    const auto estimate = static_cast<double>(recorded.quantile(fraction).count());
    CHECK(estimate >= exact); // never flatters
    CHECK(estimate <= exact * 1.02);
  }
}

TEST_CASE("histogram: minimum, maximum and mean are exact", "[tools][load]") {
  histogram values;
  values.record(nanoseconds{1'000'003});
  values.record(nanoseconds{9'000'001}, 3);
  CHECK(values.count() == 4);
  CHECK(values.min().count() == 1'000'003);
  CHECK(values.max().count() == 9'000'001);
  CHECK(values.mean().count() == 7'000'002); // 7,000,001.5 rounded
}

TEST_CASE("histogram: merging equals recording both", "[tools][load]") {
  const auto one = log_uniform(500, 1);
  const auto two = log_uniform(700, 2);
  histogram first;
  histogram second;
  histogram both;
  for (const auto value : one) {
    first.record(value);
    both.record(value);
  }
  for (const auto value : two) {
    second.record(value);
    both.record(value);
  }
  first.merge(second);
  first.merge(histogram{});
  CHECK(first.count() == both.count());
  CHECK(first.min() == both.min());
  CHECK(first.max() == both.max());
  for (const double fraction : {0.1, 0.5, 0.99})
    CHECK(first.quantile(fraction) == both.quantile(fraction));
}

TEST_CASE("histogram: impossible values are counted at the ends", "[tools][load]") {
  histogram values;
  values.record(nanoseconds{-5});
  values.record(histogram::max_value * 4);
  CHECK(values.count() == 2);
  CHECK(values.quantile(0.5).count() == 0);
  CHECK(values.quantile(1) == histogram::max_value * 4);
}
