#pragma once
#include "tools/load_options.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace troupe::load {

/// The options of `troupe load`: declares them on a command, with unit and default in the help, and
/// reads what was written.
///
/// Lifetime:  must stay in place until the command is parsed.
/// Errors:    parsing throws CLI::ParseError, `read` throws `usage_error`.
class command_line {
public:
  explicit command_line(CLI::App& command);

  /// What was asked for, completed and checked. Throws `usage_error`.
  options read() const;

private:
  void add_workload(CLI::App& command);
  void add_time(CLI::App& command);
  void add_connections(CLI::App& command);
  void add_native(CLI::App& command);
  void add_reports(CLI::App& command);
  void add_thresholds(CLI::App& command);

  options values_;
  std::string scenario_;
  std::string url_;
  std::string protocol_ = "raw";
  std::string path_;
  double sender_rate_ = 0;
  bool no_self_ = false;
  std::vector<std::string> headers_;
};

} // namespace troupe::load
