#include "tools/connect.hpp"
#include "tools/load.hpp"
#include "tools/replay.hpp"
#include "tools/serve.hpp"

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

namespace {

constexpr int usage_exit_code = 2;

int run(int argc, char** argv) {
  CLI::App app{"Realtime server for games: serve, measure and talk to it", "troupe"};
  app.require_subcommand(1);
  int exit_code = 0;
  troupe::add_serve(app, exit_code);
  troupe::add_connect(app, exit_code);
  troupe::add_load(app, exit_code);
  troupe::add_replay(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage_exit_code;
  }
  return exit_code;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "troupe: " << error.what() << '\n';
    return usage_exit_code;
  }
}
