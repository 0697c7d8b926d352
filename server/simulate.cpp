#include "server/simulate.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace troupe {
namespace {

constexpr std::uint64_t longest_ms = 10'000;
constexpr std::uint64_t least_rate = 1'000;
constexpr std::uint64_t most_rate = 1'000'000'000;
constexpr double most_loss = 50;

bool read_time(std::string_view value, std::chrono::milliseconds& to) {
  const auto number = parse_number(value, number_unit::milliseconds);
  if (!number || *number > longest_ms)
    return false;
  to = std::chrono::milliseconds{*number};
  return true;
}

bool read_latency(std::string_view value, net::impairment& to) {
  return read_time(value, to.latency);
}

bool read_jitter(std::string_view value, net::impairment& to) {
  return read_time(value, to.jitter);
}

bool read_rate(std::string_view value, net::impairment& to) {
  if (!value.ends_with("/s"))
    return false;
  const auto number = parse_number(value.substr(0, value.size() - 2), number_unit::bytes);
  to.bytes_per_s = number.value_or(0);
  return number && *number >= least_rate && *number <= most_rate;
}

bool read_loss(std::string_view value, net::impairment& to) {
  double percent = -1;
  const auto* const end = value.data() + value.size() - 1;
  if (!value.ends_with('%')
      || std::from_chars(value.data(), end, percent, std::chars_format::fixed).ptr != end)
    return false;
  to.loss = percent / 100;
  return percent >= 0 && percent <= most_loss;
}

struct part {
  std::string_view name;
  bool (*read)(std::string_view value, net::impairment& to);
  std::string_view allowed;
};

constexpr std::array parts{
    part{"latency", read_latency, "a latency from 0 to 10s (in milliseconds, or with ms, s)"},
    part{"jitter", read_jitter, "a jitter from 0 to 10s (in milliseconds, or with ms, s)"},
    part{"rate", read_rate,
         "a rate from 1kB/s to 1GB/s (in B/s, kB/s, MB/s, GB/s, KiB/s, MiB/s or GiB/s)"},
    part{"loss", read_loss, "a loss from 0% to 50%"},
};

/// Takes the text up to the next comma from the front.
std::string_view take_part(std::string_view& text) {
  const auto comma = std::min(text.find(','), text.size());
  auto taken = text.substr(0, comma);
  text.remove_prefix(std::min(comma + 1, text.size()));
  while (taken.starts_with(' '))
    taken.remove_prefix(1);
  return taken;
}

} // namespace

net::impairment parse_impairment(std::string_view text, const config_source& source) {
  net::impairment result;
  std::array<bool, parts.size()> seen{};
  while (!text.empty()) {
    const auto given = take_part(text);
    const auto name = given.substr(0, given.find('='));
    const auto* const known = std::ranges::find(parts, name, &part::name);
    if (known == parts.end() || name.size() == given.size())
      throw refused_value(source, given, "latency=TIME, jitter=TIME, rate=SIZE/s or loss=PERCENT%");
    if (!known->read(given.substr(name.size() + 1), result))
      throw refused_value(source, given, known->allowed);
    if (std::exchange(seen[static_cast<std::size_t>(known - parts.begin())], true))
      throw refused_value(source, given, "given once only");
  }
  return result;
}

} // namespace troupe
