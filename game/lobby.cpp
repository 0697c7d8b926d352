#include "game/lobby.hpp"

#include <algorithm>
#include <utility>

namespace troupe::game {

namespace {

/// Less than 0: `a` comes first.
int order(const listing& a, const listing& b, const sort_key& by) noexcept {
  const auto mine = a.metadata.find(by.key);
  const auto theirs = b.metadata.find(by.key);
  const bool i_have = mine != a.metadata.end();
  const bool they_have = theirs != b.metadata.end();
  if (!i_have || !they_have)
    return static_cast<int>(they_have) - static_cast<int>(i_have);
  const auto result = mine->second.compare(theirs->second).value_or(0);
  return by.descending ? -result : result;
}

} // namespace

void sort_rooms(std::vector<const listing*>& rooms, const std::vector<sort_key>& sort) {
  std::stable_sort(rooms.begin(), rooms.end(), [&](const listing* a, const listing* b) {
    for (const auto& key : sort)
      if (const auto result = order(*a, *b, key); result != 0)
        return result < 0;
    return false;
  });
}

lobby_view::lobby_view(std::string kind, room_filter filter)
    : kind_{std::move(kind)}, filter_{std::move(filter)} {}

bool lobby_view::fits(const listing& room) const noexcept {
  return room.kind == kind_ && game::fits(room.metadata, filter_);
}

lobby_changes lobby_view::begin(const std::vector<listing>& all) {
  shown_.clear();
  return update({.present = all});
}

lobby_changes lobby_view::update(const lobby_changes& news) {
  lobby_changes result;
  for (const auto& each : news.present) {
    if (fits(each)) {
      shown_.insert(each.id);
      result.present.push_back(each);
    } else if (shown_.erase(each.id) != 0) {
      result.gone.push_back(each.id);
    }
  }
  for (const auto& each : news.gone)
    if (shown_.erase(each) != 0)
      result.gone.push_back(each);
  return result;
}

} // namespace troupe::game
