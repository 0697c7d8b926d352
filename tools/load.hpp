#pragma once

namespace CLI {
class App;
}

namespace troupe {

/// Adds the subcommand `load` to the command line. When it is the one that was asked for, it runs
/// while `app` parses and sets `exit_code`: 0 passed, 1 a threshold was violated, 2 nothing was
/// measured.
///
/// Errors:  parsing throws `std::invalid_argument` with a sentence for the user when the options
/// make
///          no sense (exit code 2).
void add_load(CLI::App& app, int& exit_code);

} // namespace troupe
