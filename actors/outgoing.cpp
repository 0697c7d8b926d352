#include "actors/outgoing.hpp"

#include <functional>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>

#include <spdlog/spdlog.h>

namespace troupe::actors {

namespace {

/// splitmix64's finalizer (Steele, Lea, Flood 2014): every input bit changes every output bit.
std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

} // namespace

void shared_question::answer(result<payload_view, ask_error> with) noexcept {
  if (is_answered_.exchange(true))
    return;
  try {
    done_(std::move(with));
  } catch (const std::exception& error) {
    spdlog::error("what was to be done with the answer to \"{}\" failed: {}", event, error.what());
  } catch (...) {
    spdlog::error("what was to be done with the answer to \"{}\" failed", event);
  }
}

event_ref make_event_ref(const space& rules, std::string_view event) {
  if (auto number = rules.find_event(event))
    return {.number = *number, .text = {}};
  if (!protocol::is_text_name(event))
    throw std::invalid_argument{"\"" + std::string{event} + "\" is no event name"};
  return {.number = 0, .text = std::string{event}};
}

std::string_view text_of(const event_ref& name, const space& rules) noexcept {
  return name.text.empty() ? std::string_view{rules.event_names()[name.number]} : name.text;
}

protocol::message to_room_message(const outgoing_event& event, const room_handle& room,
                                  const space_entry& in) noexcept {
  auto message = to_event_message(event, in);
  message.op = protocol::operation::room_event;
  message.room = room.number;
  message.sender = event.sender;
  message.room_text = room.name;
  return message;
}

protocol::message to_event_message(const outgoing_event& event, const space_entry& in) noexcept {
  return {.op = protocol::operation::event,
          .content = event.content.kind,
          .how = event.how,
          .name = event.name.on_wire(),
          .payload = event.content.bytes,
          .names = &in.names,
          .event_text = text_of(event.name, *in.rules)};
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
