#pragma once
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace troupe::test {

/// One of the programs in examples/, running on a free port.
///
/// Lifetime:  the destructor kills it if it still runs.
/// Errors:    the constructor throws std::runtime_error if it does not start to listen.
class example_process {
public:
  /// @param first  words ahead of the server's options
  explicit example_process(const std::string& name, const std::vector<std::string>& first = {});
  ~example_process() { end(); }
  example_process(const example_process&) = delete;
  example_process& operator=(const example_process&) = delete;

  std::uint16_t port() const noexcept { return port_; }

  /// Tells it to end, as an operator does. @returns its exit status, or 128 + the signal that ended
  /// it.
  int stop();
  /// What it has written to stdout and stderr; all of it behind `stop`.
  const std::string& output() const noexcept { return output_; }

private:
  void wait_until_it_listens();
  void end() noexcept;

  pid_t id_ = -1;
  int from_ = -1; ///< its stdout and stderr
  std::string output_;
  std::uint16_t port_ = 0;
};

/// Runs the example `name` to its end. @returns what it wrote; throws if it failed.
std::string run_example(const std::string& name, const std::vector<std::string>& words);

} // namespace troupe::test
