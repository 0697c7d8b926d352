#include "troupe/game/metadata.hpp"

#include <algorithm>

namespace troupe::game {

namespace {

std::optional<double> number(const metadata_value::held_type& held) noexcept {
  if (const auto* const whole = std::get_if<std::int64_t>(&held))
    return static_cast<double>(*whole);
  if (const auto* const real = std::get_if<double>(&held))
    return *real;
  return {};
}

template <class T>
std::optional<int> order(const T& a, const T& b) noexcept {
  if (a < b)
    return -1;
  if (b < a)
    return 1;
  return a == b ? std::optional{0} : std::nullopt; // NaN
}

bool holds(std::optional<int> order, comparison how) noexcept {
  if (!order)
    return how == comparison::not_equal;
  switch (how) {
  case comparison::equal:
    return *order == 0;
  case comparison::not_equal:
    return *order != 0;
  case comparison::less:
    return *order < 0;
  case comparison::at_most:
    return *order <= 0;
  case comparison::greater:
    return *order > 0;
  case comparison::at_least:
    return *order >= 0;
  }
  return false;
}

} // namespace

std::optional<int> metadata_value::compare(const metadata_value& other) const noexcept {
  if (held_.index() == other.held_.index())
    return order(held_, other.held_);
  const auto mine = number(held_);
  const auto theirs = number(other.held_);
  return mine && theirs ? order(*mine, *theirs) : std::nullopt;
}

bool fits(const metadata& room, const room_filter& wanted) noexcept {
  return std::all_of(wanted.begin(), wanted.end(), [&](const condition& each) {
    const auto found = room.find(each.key);
    return found != room.end() && holds(found->second.compare(each.value), each.how);
  });
}

metadata metadata_for(const room_filter& wanted) {
  metadata result;
  for (const auto& each : wanted)
    if (each.how == comparison::equal)
      result.insert_or_assign(each.key, each.value);
  return result;
}

} // namespace troupe::game
