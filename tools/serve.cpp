#include "tools/serve.hpp"

#include "troupe/server.hpp"

#include "server/config_options.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace troupe {

namespace {

void log_to_stderr(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("troupe"));
  spdlog::set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  spdlog::set_level(spdlog::level::from_str(level == "warn" ? "warning" : level));
  spdlog::flush_on(spdlog::level::info);
}

/// Load generators come from one address: while measuring, the default bound on it is in the way.
void lift_address_limit(config& settings) {
  auto& limit = settings.limits.max_connections_per_address;
  if (settings.bench && limit == config{}.limits.max_connections_per_address)
    limit = 0;
}

int serve(config settings) {
  log_to_stderr(settings.log_level);
  lift_address_limit(settings);
  server instance{settings};
  add_demo(instance);
  if (settings.bench)
    add_bench(instance);
  return instance.run();
}

} // namespace

void add_serve(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("serve", "Run the server with its demonstration");
  auto options = std::make_shared<config_options>(*command);
  command->callback(
    [options, &exit_code] { exit_code = serve(options->resolve(process_environment())); });
}

} // namespace troupe
