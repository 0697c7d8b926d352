#pragma once

namespace CLI {
class App;
} // namespace CLI

namespace troupe {

/// Adds `troupe replay`: the recordings of `troupe serve --record`, so of the rooms that it has.
void add_replay(CLI::App& app, int& exit_code);

} // namespace troupe
