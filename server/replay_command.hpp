#pragma once
#include "troupe/game/room_kind.hpp"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace troupe::game {

/// What `troupe replay` is told.
struct replay_options {
  std::string file{};
  std::optional<std::uint64_t> to_tick{}; ///< show the state at this tick
  bool verifies = false;                  ///< compare the state after every tick
};

/// Replays a recording. The report goes to `out`; with `to_tick` the state goes there as one line
/// of JSON, and the report to `err`.
/// @returns the exit status, as `replay_main` does.
int run_replay(const replay_options& options, const std::vector<room_kind>& kinds,
               std::ostream& out, std::ostream& err);

/// Gives `command` the arguments of `troupe replay`.
void add_replay_options(CLI::App& command, replay_options& to);

} // namespace troupe::game
