#include "game/open_rooms.hpp"

#include <bit>
#include <type_traits>
#include <variant>

namespace troupe::game {

namespace {

/// The same for values that are equal.
std::string key_of(const std::string& key, const metadata_value& value) {
  auto result = key + '\0';
  std::visit(
      [&](const auto& held) {
        using held_type = std::remove_cvref_t<decltype(held)>;
        if constexpr (std::is_same_v<held_type, std::string>)
          result.append("text ").append(held);
        else if constexpr (std::is_same_v<held_type, bool>)
          result.append(held ? "true" : "false");
        else // one zero, and one form for whole and other numbers
          result.append(
              std::to_string(std::bit_cast<std::uint64_t>(static_cast<double>(held) + 0.0)));
      },
      value.held());
  return result;
}

} // namespace

void open_rooms::add(const entry& room) {
  all_.insert(room);
  for (const auto& [key, value] : room.room->metadata)
    by_value_[key_of(key, value)].insert(room);
}

void open_rooms::remove(const entry& room) {
  if (all_.erase(room) == 0)
    return;
  for (const auto& [key, value] : room.room->metadata) {
    const auto found = by_value_.find(key_of(key, value));
    found->second.erase(room);
    if (found->second.empty())
      by_value_.erase(found);
  }
}

const open_rooms::ordered& open_rooms::candidates(const room_filter& wanted) const {
  static const ordered none;
  const auto* result = &all_;
  for (const auto& each : wanted) {
    if (each.how != comparison::equal)
      continue;
    const auto found = by_value_.find(key_of(each.key, each.value));
    if (found == by_value_.end())
      return none;
    if (found->second.size() < result->size())
      result = &found->second;
  }
  return *result;
}

} // namespace troupe::game
