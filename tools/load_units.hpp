#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::load {

using std::chrono::nanoseconds;
/// A point on the clock that every latency of a run is measured with.
using instant = std::chrono::steady_clock::time_point;

/// Reads "250us", "5ms", "1.5s" or "2m"; a bare "0" needs no unit.
/// @returns nothing when the number or its unit is missing, negative or unknown.
std::optional<nanoseconds> parse_duration(std::string_view text);

/// Three significant digits with the unit that suits: "870 us", "1.24 ms", "12.0 s".
std::string format_duration(nanoseconds value);

/// Thousands separated by commas: "1,234,567".
std::string format_count(std::uint64_t value);

/// `value` as a number of seconds, for arithmetic on rates.
constexpr double to_seconds(nanoseconds value) noexcept {
  return std::chrono::duration<double>(value).count();
}

} // namespace troupe::load
