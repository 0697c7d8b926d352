#include "game/seat_table.hpp"

#include <algorithm>

namespace troupe::game {

seat_table::chair* seat_table::find_reserved(const token_hash& token) noexcept {
  const auto found = std::find_if(seats_.begin(), seats_.end(), [&](const chair& each) {
    return each.is == state::reserved && each.token == token;
  });
  return found == seats_.end() ? nullptr : &*found;
}

bool seat_table::reserve(const token_hash& token, milliseconds until) {
  if (find_reserved(token))
    return false;
  const auto unused = std::find_if(seats_.begin(), seats_.end(),
                                   [](const chair& each) { return each.is == state::free; });
  if (unused == seats_.end())
    return false;
  *unused = {.is = state::reserved, .until = until, .token = token};
  return true;
}

bool seat_table::release(const token_hash& token) {
  auto* const found = find_reserved(token);
  if (found)
    *found = {};
  return found != nullptr;
}

std::optional<std::uint32_t> seat_table::redeem(const token_hash& token, milliseconds now) {
  auto* const found = find_reserved(token);
  if (!found || found->until <= now)
    return {};
  *found = {.is = state::taken};
  return static_cast<std::uint32_t>(found - seats_.data());
}

void seat_table::hold(std::uint32_t seat, player_id who, milliseconds until) {
  seats_[seat] = {.is = state::held, .until = until, .who = who};
}

void seat_table::resume(std::uint32_t seat) {
  seats_[seat] = {.is = state::taken};
}

void seat_table::free(std::uint32_t seat) {
  seats_[seat] = {};
}

seat_table::ended seat_table::expire(milliseconds now) {
  ended result;
  for (auto& each : seats_) {
    if (each.is == state::held && each.until <= now)
      result.players.push_back(each.who);
    if (each.is == state::reserved && each.until <= now) {
      each = {};
      ++result.reservations;
    }
  }
  return result;
}

std::uint32_t seat_table::count(state wanted) const noexcept {
  return static_cast<std::uint32_t>(std::count_if(
      seats_.begin(), seats_.end(), [&](const chair& each) { return each.is == wanted; }));
}

} // namespace troupe::game
