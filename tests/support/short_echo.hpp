#pragma once
#include "tools/load_options.hpp"
#include "tools/load_run.hpp"

#include <atomic>
#include <chrono>

namespace troupe::test {

/// A short echo run of the load tool with five messages per connection outstanding.
/// @param change  what else is to be set
template <class Change>
load::run_result run_short_echo(Change change) {
  using namespace std::chrono_literals;
  load::options settings;
  settings.what = load::scenario::echo;
  settings.connections = 4;
  settings.window = 5;
  settings.warmup = 20ms;
  settings.duration = 150ms;
  settings.quiet = true;
  change(settings);
  load::complete(settings);
  const std::atomic<bool> stop{false};
  return load::execute(settings, stop);
}

} // namespace troupe::test
