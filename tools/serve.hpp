#pragma once

namespace CLI {
class App;
} // namespace CLI

namespace troupe {

class server;

/// Adds `troupe serve`: the server with its demonstration, and with endpoints for measuring if
/// `--bench` is given.
void add_serve(CLI::App& app, int& exit_code);

/// The demonstration at `/`: pointers, chat and presence in rooms, on the endpoint `/demo`; and the
/// JavaScript client at `/client/troupe.js`.
void add_demo(server& to);

/// Endpoints without rate limits: `/echo`, `/ws`, `/rooms/NAME` for raw messages, and `/native` whose
/// rooms relay everything.
void add_bench(server& to);

} // namespace troupe
