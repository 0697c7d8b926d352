#include "troupe/endpoint.hpp"

#include <array>
#include <stdexcept>

#include "protocol/native.hpp"

namespace troupe {

namespace {

void check_name(std::string_view event) {
  if (!protocol::is_text_name(event))
    throw std::invalid_argument{"\"" + std::string{event}
                                + "\" is no event name: 1 to 128 bytes of UTF-8"};
}

} // namespace

std::size_t space::register_event(std::string_view event) {
  if (!protocol::is_valid_name(event))
    throw std::invalid_argument{"\"" + std::string{event}
                                + "\" is no event name: 1 to 128 of A-Z a-z 0-9 _ . : / -"};
  auto [found, is_new] = numbers_.try_emplace(std::string{event}, names_.size());
  if (is_new)
    names_.push_back(found->first);
  return found->second;
}

void space::register_name(std::string_view event) {
  check_name(event);
  if (protocol::is_valid_name(event))
    register_event(event);
}

std::optional<std::size_t> space::find_event(std::string_view event) const {
  auto found = numbers_.find(event);
  return found == numbers_.end() ? std::nullopt : std::optional{found->second};
}

void space::add_handler(std::string_view event, event_handler run) {
  register_name(event);
  auto [found, is_new] = handlers_.try_emplace(std::string{event}, run);
  if (is_new)
    return;
  found->second = [first = std::move(found->second), second = std::move(run)](
                    connection& from, payload_view content) mutable {
    auto answer = first(from, content);
    auto other = second(from, content);
    return answer.code != errc::ok || answer.reply ? answer : other;
  };
}

std::vector<std::string_view> space::handled_events() const {
  std::vector<std::string_view> events;
  for (auto& [event, run] : handlers_)
    events.push_back(event);
  return events;
}

space::event_handler* space::find_handler(std::string_view event) noexcept {
  auto found = handlers_.find(event);
  return found == handlers_.end() ? nullptr : &found->second;
}

const room_rules& space::rules_for(std::string_view room) const {
  static const room_rules defaults;
  for (auto& [prefix, rules] : room_kinds)
    if (room.starts_with(prefix))
      return rules;
  return defaults;
}

troupe::space& endpoint::space(std::string_view name) {
  if (name == this->name())
    return *this;
  auto& made = spaces_[std::string{name}];
  if (!made)
    made = std::make_unique<troupe::space>(std::string{name});
  return *made;
}

std::string to_string(speaks protocols) {
  constexpr std::array names{std::pair{speaks::native, "troupe.v1"}, std::pair{speaks::raw, "raw"},
                             std::pair{speaks::neffos, "neffos"}, std::pair{speaks::iris, "iris"}};
  std::string all;
  for (auto& [protocol, name] : names)
    if (includes(protocols, protocol))
      all.append(all.empty() ? "" : ", ").append(name);
  return all;
}

} // namespace troupe
