#pragma once
#include <cstdint>
#include <string_view>

#include "troupe/endpoint.hpp"

#include "actors/messages.hpp"
#include "protocol/native.hpp"

namespace troupe::actors {

/// The event by its number if the endpoint registered it, else by its text.
/// @throws std::invalid_argument if it is no valid name.
event_ref make_event_ref(const endpoint& rules, std::string_view event);

/// The event as members of room `number` see it. Views into `event`.
protocol::message to_room_message(const outgoing_event& event, room_number number) noexcept;

/// The event as a single connection sees it, outside of any room. Views into `event`.
protocol::message to_event_message(const outgoing_event& event) noexcept;

/// Which queued messages a `latest` message replaces: those of the same room (0 = none), sender,
/// event and key.
std::uint64_t latest_key(room_number room, const outgoing_event& event) noexcept;

} // namespace troupe::actors
