#pragma once
#include "troupe/config.hpp"

#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace troupe {

struct config_key;

/// The server's keys as options of a command line, for `config::from_args` and for subcommands
/// such as `troupe serve`.
///
/// Construct it before `app.parse`, call `resolve` after.
///
/// Threading:  use on one thread.
/// Lifetime:   refers to the application it was given, which must outlive it.
class config_options {
public:
  /// Adds `--config` and one option per key to `app`.
  explicit config_options(CLI::App& app);

  /// The configuration that the parsed options, the file of `--config` and `variables` amount to.
  /// @throws config_error on the first problem.
  config resolve(const config::environment& variables) const;

private:
  std::string file_name(const config::environment& variables) const;
  void apply_options(config& target) const;

  CLI::Option* file_;
  std::vector<std::pair<const config_key*, CLI::Option*>> options_;
};

/// The variables of this process whose name starts with `TROUPE_`.
config::environment process_environment();

} // namespace troupe
