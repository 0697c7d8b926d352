#pragma once
#include "troupe/emit.hpp"
#include "troupe/errc.hpp"
#include "troupe/game/metadata.hpp"
#include "troupe/game/player.hpp"

#include "game/token.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace troupe::game {

/// What a room wants done, in order; whoever drives it carries it out.
namespace outgoing {

/// An event for players; the ids in `to` are those of players.
struct event {
  audience to;
  std::string name;
  payload content;
  delivery how;
};

/// The join with this token is granted.
struct joined {
  token_hash token;
  player_id who = 0;
};

/// The join with this token is not.
struct join_refused {
  token_hash token;
  errc code = errc::room_refused;
  std::string text;
};

/// Answers `incoming::reconnect`.
struct reconnected {
  player_id who = 0;
  bool is_in = false; ///< false: it is no player (any more)
};

struct left {
  player_id who = 0;
  leave_reason why = leave_reason::asked;
};

/// Seats are free again: tell whoever counts them.
struct seats_freed {
  std::uint32_t count = 0;
};

struct input_refused {
  player_id who = 0;
  std::uint64_t sequence = 0;
  errc code = errc::ok;
  std::string text;
};

/// Who may find the room, and by what, has changed.
struct listed {
  game::metadata metadata{};
  bool is_locked = false;
  bool is_private = false;
};

/// Nobody is in for `room_options::empty_time`: close the room unless somebody is on its way.
struct emptied {};

/// The room threw. The entry at hand is undone; players stay.
struct failed {
  std::string text;
};

/// Nothing comes after this.
struct closed {
  leave_reason why = leave_reason::room_closed;
};

} // namespace outgoing

using effect =
    std::variant<outgoing::event, outgoing::joined, outgoing::join_refused, outgoing::reconnected,
                 outgoing::left, outgoing::seats_freed, outgoing::input_refused, outgoing::listed,
                 outgoing::emptied, outgoing::failed, outgoing::closed>;

} // namespace troupe::game
