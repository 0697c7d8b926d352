#include "tests/integration/support/child_process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace troupe::test {

namespace {

using namespace std::chrono_literals;

/// Runs in the child between fork and exec: system calls only.
[[noreturn]] void become(char** arguments, unsigned max_descriptors, int out, int log) {
  ::dup2(out, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  if (max_descriptors != 0) {
    const rlimit limit{max_descriptors, max_descriptors};
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

std::string read_available(int descriptor, int wait_ms) {
  std::string all;
  std::array<char, 4'096> buffer;
  pollfd watched{.fd = descriptor, .events = POLLIN, .revents = 0};
  while (::poll(&watched, 1, wait_ms) > 0) {
    const auto got = ::read(descriptor, buffer.data(), buffer.size());
    if (got <= 0)
      break;
    all.append(buffer.data(), static_cast<std::size_t>(got));
    wait_ms = 0;
  }
  return all;
}

} // namespace

child_process::child_process(const std::vector<std::string>& arguments, unsigned max_descriptors) {
  std::vector<std::string> words{TROUPE_INTEGRATION_CHILD, "--listen", "127.0.0.1:0"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::array<int, 2> out{};
  std::array<int, 2> log{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(log.data(), O_CLOEXEC) != 0)
    throw std::runtime_error{"The test could not make a pipe."};
  id_ = ::fork();
  if (id_ == 0)
    become(pointers.data(), max_descriptors, out[1], log[1]);
  ::close(out[1]);
  ::close(log[1]);
  log_ = log[0];
  port_ = static_cast<std::uint16_t>(std::atoi(read_available(out[0], 10'000).c_str()));
  ::close(out[0]);
  if (port_ == 0)
    throw std::runtime_error{"The child did not start: " + read_available(log_, 100)};
}

child_process::~child_process() {
  if (id_ > 0) {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  ::close(log_);
}

void child_process::signal(int number) const {
  ::kill(id_, number);
}

std::optional<int> child_process::wait(std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  do {
    int status = 0;
    if (::waitpid(id_, &status, WNOHANG) == id_) {
      id_ = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    std::this_thread::sleep_for(2ms);
  } while (std::chrono::steady_clock::now() < end);
  return std::nullopt;
}

std::chrono::milliseconds child_process::cpu_time() const {
  std::ifstream file{"/proc/" + std::to_string(id_) + "/stat"};
  std::string word;
  for (int i = 1; i < 14; ++i)
    file >> word; // its name holds no blank
  long user = 0;
  long system = 0;
  file >> user >> system;
  return std::chrono::milliseconds{(user + system) * 1'000 / ::sysconf(_SC_CLK_TCK)};
}

std::string child_process::log() {
  return read_available(log_, 0);
}

} // namespace troupe::test
