#include "tools/load.hpp"

#include "tools/load_cli.hpp"
#include "tools/load_report.hpp"
#include "tools/load_run.hpp"
#include "tools/load_system.hpp"
#include "tools/load_thresholds.hpp"

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <spdlog/fmt/fmt.h>

namespace troupe {

namespace {

/// What a run needs besides its sockets: epoll, standard streams, libraries.
constexpr std::size_t spare_descriptors = 32;

std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler stores to it");

/// The first Ctrl-C ends the run early with a report, the second one ends the program.
void stop_on_interrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_requested.store(true, std::memory_order_relaxed); };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void write_json(const std::string& name, const std::string& text) {
  std::ofstream file{name};
  file << text;
  file.close();
  if (!file)
    throw load::usage_error{"The report cannot be written to " + name + "."};
}

void report(const load::run_result& result) {
  const auto& target = result.settings.json;
  if (target == "-") {
    std::cout << load::format_json(result) << std::flush;
    return;
  }
  std::cout << load::format_table(result) << std::flush;
  if (!target.empty())
    write_json(target, load::format_json(result));
}

int run_load(const load::options& settings) {
  load::allow_descriptors(settings.shape().connections() + spare_descriptors);
  load::cpu_time_of(settings.pids); // refuses unknown processes before anything is measured
  load::sharpen_timers();
  stop_on_interrupt();
  const auto result = load::execute(settings, stop_requested);
  report(result);
  return load::exit_code_of(result);
}

} // namespace

void add_load(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("load", "Generate load, check every message, report latency");
  command->footer(
      "Exit code: 0 passed, 1 a threshold was violated, 2 usage error or no connection.\n"
      "Example: troupe load broadcast ws://127.0.0.1:8080 -n 500 --senders 10 --window 16 "
      "--max-p99 20ms");
  const auto line = std::make_shared<load::command_line>(*command);
  command->callback([line, &exit_code] { exit_code = run_load(line->read()); });
}

} // namespace troupe
