#pragma once

namespace CLI {
class App;
}

namespace troupe {

/// Adds the subcommand `connect` to the command line. When it is the one that was asked for, it
/// runs while `app` parses and sets `exit_code`: 0 everything typed was done; 1 there was no
/// connection, it was lost, or a line or its answer failed.
///
/// Errors:  parsing throws CLI::ParseError when the options make no sense (exit code 2).
void add_connect(CLI::App& app, int& exit_code);

} // namespace troupe
