#pragma once
#include "game/replay.hpp"
#include "server/replay_command.hpp"

#include <chrono>
#include <iosfwd>
#include <string>

namespace troupe::game {

/// What a replay has found, in lines for people.
void write_report(const replay& of, std::chrono::duration<double> took,
                  const replay_options& options, std::ostream& to);

/// A room as one line of JSON: tick, players, and its state as clients see it; null if it shows
/// none.
std::string state_json(room_core& of);

} // namespace troupe::game
