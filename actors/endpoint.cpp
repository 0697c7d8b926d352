#include "troupe/endpoint.hpp"

#include <stdexcept>

#include "protocol/native.hpp"

namespace troupe {

std::size_t endpoint::register_event(std::string_view event) {
  if (!protocol::is_valid_name(event))
    throw std::invalid_argument{"\"" + std::string{event}
                                + "\" is no event name: 1 to 128 of A-Z a-z 0-9 _ . : / -"};
  auto [found, is_new] = numbers_.try_emplace(std::string{event}, names_.size());
  if (is_new)
    names_.push_back(found->first);
  return found->second;
}

std::optional<std::size_t> endpoint::find_event(std::string_view event) const {
  auto found = numbers_.find(event);
  return found == numbers_.end() ? std::nullopt : std::optional{found->second};
}

endpoint::event_handler* endpoint::find_handler(std::size_t number) noexcept {
  auto found = handlers_.find(number);
  return found == handlers_.end() ? nullptr : &found->second;
}

const room_rules& endpoint::rules_for(std::string_view room) const {
  static const room_rules defaults;
  for (auto& [prefix, rules] : room_kinds)
    if (room.starts_with(prefix))
      return rules;
  return defaults;
}

} // namespace troupe
