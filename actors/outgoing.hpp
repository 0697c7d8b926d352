#pragma once
#include <cstdint>
#include <string_view>

#include "troupe/space.hpp"

#include "actors/messages.hpp"
#include "actors/runtime.hpp"
#include "protocol/native.hpp"

namespace troupe::actors {

/// The event by its number if the endpoint registered it, else by its text.
/// @throws std::invalid_argument if it is no valid name.
event_ref make_event_ref(const space& rules, std::string_view event);

/// The event's name.
std::string_view text_of(const event_ref& name, const space& rules) noexcept;

/// The event as members of the room see it. Views into all arguments.
protocol::message to_room_message(const outgoing_event& event, const room_handle& room,
                                  const space_entry& in) noexcept;

/// The event as a single connection sees it, outside of any room. Views into all arguments.
protocol::message to_event_message(const outgoing_event& event, const space_entry& in) noexcept;

/// Which queued messages a `latest` message replaces: those of the same room (0 = none), sender,
/// event and key.
std::uint64_t latest_key(room_number room, const outgoing_event& event) noexcept;

} // namespace troupe::actors
