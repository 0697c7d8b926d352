#pragma once
#include "troupe/game/room_kind.hpp"

#include <vector>

namespace troupe::game {

/// Does what `troupe replay` does, for a program that has kinds of rooms of its own:
///
///     int main(int argc, char** argv) {
///       const auto kind = troupe::game::make_room_kind<arena>("arena", {.max_players = 16});
///       if (argc > 1 && std::string_view{argv[1]} == "replay")
///         return troupe::game::replay_main(argc - 1, argv + 1, {kind});
///       troupe::server server{troupe::config::from_args(argc, argv)};
///       server.rooms().add(kind);
///       return server.run();
///     }
///
///     ./game replay FILE [--to-tick N] [--verify]
///
/// The options of the kinds do not count: a recording holds those that its room had.
///
/// Errors:     one line on stderr.
/// @returns the exit status of the process: 0; 1 if the states differ, the recording is damaged or
///          the tick is not in it; 2 if there is nothing that can be replayed.
int replay_main(int argc, char** argv, const std::vector<room_kind>& kinds);

} // namespace troupe::game
