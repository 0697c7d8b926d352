#include "tools/replay.hpp"

#include "examples/arena/arena.hpp"
#include "server/replay_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

namespace troupe {

void add_replay(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("replay", "Replay the recording of a game room");
  auto options = std::make_shared<game::replay_options>();
  game::add_replay_options(*command, *options);
  command->callback([options, &exit_code] {
    exit_code = game::run_replay(*options, {arena::make_kind()}, std::cout, std::cerr);
  });
}

} // namespace troupe
