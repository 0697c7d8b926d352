#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace troupe::test {

/// A server in a process of its own: troupe_integration_child with `arguments`.
///
/// Lifetime:  the destructor kills it.
class child_process {
public:
  /// @param max_descriptors  RLIMIT_NOFILE; 0 = inherited.
  explicit child_process(const std::vector<std::string>& arguments, unsigned max_descriptors = 0);
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  void signal(int number) const;
  /// The exit status, or 128 + the signal that killed it; none if it runs on.
  std::optional<int> wait(std::chrono::milliseconds deadline);
  /// Processor time used so far.
  std::chrono::milliseconds cpu_time() const;
  /// What it has logged since the last call.
  std::string log();

private:
  pid_t id_ = -1;
  int log_ = -1;
  std::uint16_t port_ = 0;
};

} // namespace troupe::test
