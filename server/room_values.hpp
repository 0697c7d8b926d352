#pragma once
#include "troupe/game/room_values.hpp"
#include "troupe/game/rooms.hpp"
#include "troupe/payload.hpp"
#include "troupe/read_value.hpp"

#include "game/lobby.hpp"
#include "game/match_desk.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Values of calls for game rooms as clients send and receive them; docs/rooms.md has the list.

namespace troupe::game {

/// Who wants seats in a room that it knows.
struct join_wish {
  std::string room;
  std::string password{};
  std::uint32_t seats = 1;
};

/// One argument of any kind, as its bytes; good during the call.
struct any_value {
  byte_view bytes;
};

/// `value` as the only argument, the way handlers of rooms read it.
std::vector<std::byte> as_arguments(const any_value& value);

/// [{"id", "kind", "players", "max_players", "locked", "password", "metadata"}, ...]
payload to_payload(const std::vector<listing>& rooms);
/// {"present": [...], "gone": [...]}
payload to_payload(const lobby_changes& news);
/// {"room", "tokens"}
payload to_payload(const seat_reservation& seats);
/// {"room", "tokens", "team", "teams"}
payload to_payload(const match_seats& made);
/// {"state": "waiting", "seconds", "waiting"}, or that of its seats with "state": "matched"
payload to_payload(const match_status& status);

} // namespace troupe::game

namespace troupe {

template <>
struct value_adaptor<game::any_value> {
  bool operator()(value_reader& in, game::any_value& to, mismatch&) const {
    to.bytes = in.take();
    return true;
  }
};

/// A map: {kind, filter, sort, seats, options, metadata, private, password}. A filter is a map of
/// values that must be equal, or of maps such as {">=": 3}; a sort is a list of keys, "-" in front
/// of those that go down.
template <>
struct value_adaptor<game::room_request> {
  bool operator()(value_reader& in, game::room_request& to, mismatch& why) const;
};

/// A map: {room, password, seats}.
template <>
struct value_adaptor<game::join_wish> {
  bool operator()(value_reader& in, game::join_wish& to, mismatch& why) const;
};

/// A map: {kind, rating, size}.
template <>
struct value_adaptor<game::match_wish> {
  bool operator()(value_reader& in, game::match_wish& to, mismatch& why) const;
};

} // namespace troupe
