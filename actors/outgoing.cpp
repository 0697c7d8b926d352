#include "actors/outgoing.hpp"

#include <functional>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace troupe::actors {

namespace {

/// splitmix64's finalizer (Steele, Lea, Flood 2014): every input bit changes every output bit.
std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

} // namespace

event_ref make_event_ref(const endpoint& rules, std::string_view event) {
  if (auto number = rules.find_event(event))
    return {.number = *number, .text = {}};
  if (!protocol::is_valid_name(event))
    throw std::invalid_argument{"\"" + std::string{event} + "\" is no event name"};
  return {.number = 0, .text = std::string{event}};
}

protocol::message to_room_message(const outgoing_event& event, room_number number) noexcept {
  auto message = to_event_message(event);
  message.op = protocol::operation::room_event;
  message.room = number;
  message.sender = event.sender;
  return message;
}

protocol::message to_event_message(const outgoing_event& event) noexcept {
  return {.op = protocol::operation::event,
          .content = event.content.kind,
          .how = event.how,
          .name = event.name.on_wire(),
          .payload = event.content.bytes};
}

std::uint64_t latest_key(room_number room, const outgoing_event& event) noexcept {
  auto name = event.name.text.empty() ? event.name.number
                                      : std::hash<std::string_view>{}(event.name.text);
  std::uint64_t key = 0;
  for (auto part : {std::uint64_t{room}, event.sender, name, event.how.key})
    key = mix(key + part + 0x9E3779B97F4A7C15U);
  return key;
}

} // namespace troupe::actors
