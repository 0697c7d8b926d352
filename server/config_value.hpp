#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// What a number of the configuration counts, and so which suffixes it takes.
enum class number_unit : std::uint8_t {
  count,        ///< plain numbers only
  bytes,        ///< B, kB, MB, GB, KiB, MiB, GiB; plain numbers are bytes
  seconds,      ///< ms, s, m, h; plain numbers are seconds
  milliseconds, ///< ms, s, m, h; plain numbers are milliseconds
};

/// Reads `text` such as `64KiB`, `1.5 s` or `20`.
/// @returns the number of things, bytes or (both time units) milliseconds; nothing when `text` is
///          not such a number, is negative, does not fit, or is no whole number of them.
std::optional<std::uint64_t> parse_number(std::string_view text, number_unit unit) noexcept;

/// The shortest text that `parse_number` reads as `value`; uses the largest exact suffix.
std::string format_number(std::uint64_t value, number_unit unit);

/// Reads on, off, true, false, yes, no, 1 or 0.
std::optional<bool> parse_switch(std::string_view text) noexcept;

/// Whether `text` is `host:port` or `[IPv6]:port` with a port up to 65535 (0 included).
bool is_listen_address(std::string_view text) noexcept;

/// Whether `text` is `*`, `null` or `scheme://host[:port]` without a path.
bool is_origin(std::string_view text) noexcept;

} // namespace troupe
