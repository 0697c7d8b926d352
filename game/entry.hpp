#pragma once
#include "troupe/game/archive.hpp"
#include "troupe/game/metadata.hpp"
#include "troupe/game/player.hpp"
#include "troupe/payload.hpp"

#include "game/token.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <tuple>
#include <variant>

namespace troupe::game {

/// What enters a room. Everything that it does follows from these, in their order.
namespace incoming {

/// The first entry of every room.
struct create {
  std::uint64_t seed = 0; ///< of the random numbers; from a random device
  payload options = payload();
  game::metadata metadata{};
  bool is_private = false;

  auto saved() { return std::tie(seed, options.bytes, options.kind, metadata, is_private); }
};

/// Keeps a seat for whoever comes with the token.
struct reserve {
  token_hash token{};
  auto saved() { return std::tie(token); }
};

/// The token will not be used.
struct release {
  token_hash token{};
  auto saved() { return std::tie(token); }
};

struct join {
  token_hash token{};
  std::string identity{};
  payload options = payload();
  auto saved() { return std::tie(token, identity, options.bytes, options.kind); }
};

struct leave {
  player_id who = 0;
  leave_reason why = leave_reason::asked;
  auto saved() { return std::tie(who, why); }
};

/// The connection of a player is lost.
struct drop {
  player_id who = 0;
  auto saved() { return std::tie(who); }
};

/// A player is back on a new connection; whoever says so has checked that it is the same one.
struct reconnect {
  player_id who = 0;
  auto saved() { return std::tie(who); }
};

struct input {
  player_id from = 0;
  std::uint64_t tick = 0;     ///< for which it is meant; 0 or past: the next one
  std::uint64_t sequence = 0; ///< counted by the client
  std::uint32_t kind = 0;     ///< index among the inputs of the room's kind
  payload what = payload();
  auto saved() { return std::tie(from, tick, sequence, kind, what.bytes, what.kind); }
};

/// One step of the simulation.
struct tick {
  auto saved() { return std::tie(); }
};

/// The room is over.
struct close {
  auto saved() { return std::tie(); }
};

/// A player confirms too little of what it is sent, or enough again.
struct pressure {
  player_id who = 0;
  bool is_slow = false;
  auto saved() { return std::tie(who, is_slow); }
};

} // namespace incoming

/// One line of a room's log.
struct entry {
  using type = std::variant<incoming::create, incoming::reserve, incoming::release, incoming::join,
                            incoming::leave, incoming::drop, incoming::reconnect, incoming::input,
                            incoming::tick, incoming::close, incoming::pressure>;

  /// Since the room was made; never less than that of the entry before.
  std::chrono::milliseconds at{0};
  type what{};

  auto saved() { return std::tie(at, what); }
};

} // namespace troupe::game
