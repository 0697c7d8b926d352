#include "tools/load_units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <spdlog/fmt/fmt.h>

namespace troupe::load {

namespace {

struct unit {
  std::string_view suffix;
  double nanoseconds_each;
};

constexpr std::array<unit, 5> units{{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 6e10}}};

/// The longest duration accepted: a day, so that sums never overflow.
constexpr double max_nanoseconds = 86'400e9;

int decimals_for_three_digits(double value) {
  return value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
}

} // namespace

std::optional<nanoseconds> parse_duration(std::string_view text) {
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !std::isfinite(number) || number < 0)
    return std::nullopt;
  const auto suffix = text.substr(static_cast<std::size_t>(rest - text.data()));
  if (suffix.empty() && number == 0)
    return nanoseconds{0};
  for (const auto& candidate : units)
    if (candidate.suffix == suffix && number * candidate.nanoseconds_each <= max_nanoseconds)
      return nanoseconds{std::llround(number * candidate.nanoseconds_each)};
  return std::nullopt;
}

std::string format_duration(nanoseconds value) {
  const auto count = static_cast<double>(value.count());
  if (count < 999.5)
    return fmt::format("{} ns", value.count());
  std::size_t scale = 1;
  while (scale < 3 && count / units[scale].nanoseconds_each >= 999.5)
    ++scale;
  const double scaled = count / units[scale].nanoseconds_each;
  return fmt::format("{:.{}f} {}", scaled, decimals_for_three_digits(scaled), units[scale].suffix);
}

std::string format_count(std::uint64_t value) {
  auto digits = std::to_string(value);
  for (auto at = digits.size(); at > 3; at -= 3)
    digits.insert(at - 3, 1, ',');
  return digits;
}

} // namespace troupe::load
