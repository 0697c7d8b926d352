#include "tests/examples/example_process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace troupe::test {

namespace {

constexpr int patience_ms = 10'000;

struct started {
  pid_t id;
  int output;
};

/// Starts the example; both of its outputs go into one pipe.
started start(const std::string& name, const std::vector<std::string>& words) {
  auto path = TROUPE_EXAMPLES_FOLDER "/troupe_example_" + name;
  auto copies = words;
  std::vector<char*> pointers{path.data()};
  for (auto& word : copies)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw std::runtime_error{"The test could not make a pipe."};
  const auto id = ::fork();
  if (id == 0) { // system calls only
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  return {id, ends[0]};
}

int wait_for(pid_t id) {
  int status = 0;
  ::waitpid(id, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Appends what comes to `all`. @returns whether anything came before the end or the deadline.
bool read_some(int from, std::string& all) {
  pollfd watched{.fd = from, .events = POLLIN, .revents = 0};
  if (::poll(&watched, 1, patience_ms) <= 0)
    throw std::runtime_error{"The example says nothing more: " + all};
  std::array<char, 4'096> buffer;
  const auto got = ::read(from, buffer.data(), buffer.size());
  all.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  return got > 0;
}

} // namespace

example_process::example_process(const std::string& name, const std::vector<std::string>& first) {
  auto words = first;
  for (const auto* word : {"--listen", "127.0.0.1:0", "--threads", "2"})
    words.emplace_back(word);
  const auto [id, output] = start(name, words);
  id_ = id;
  from_ = output;
  try {
    wait_until_it_listens();
  } catch (...) {
    end();
    throw;
  }
}

void example_process::wait_until_it_listens() {
  constexpr std::string_view announced = "http://127.0.0.1:";
  auto at = std::string::npos;
  while ((at = output_.find(announced)) == std::string::npos
         || output_.find_first_not_of("0123456789", at + announced.size()) == std::string::npos)
    if (!read_some(from_, output_))
      throw std::runtime_error{"The example did not start: " + output_};
  port_ = static_cast<std::uint16_t>(std::atoi(output_.c_str() + at + announced.size()));
}

int example_process::stop() {
  if (id_ <= 0)
    return 0;
  ::kill(id_, SIGTERM);
  while (read_some(from_, output_))
    continue;
  return wait_for(std::exchange(id_, -1));
}

void example_process::end() noexcept {
  if (id_ > 0) {
    ::kill(id_, SIGKILL);
    wait_for(id_);
  }
  ::close(from_);
}

std::string run_example(const std::string& name, const std::vector<std::string>& words) {
  const auto [id, from] = start(name, words);
  std::string output;
  while (read_some(from, output))
    continue;
  ::close(from);
  if (const auto status = wait_for(id); status != 0)
    throw std::runtime_error{"The example failed: " + output};
  return output;
}

} // namespace troupe::test
