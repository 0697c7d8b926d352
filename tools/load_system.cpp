#include "tools/load_system.hpp"

#include "tools/load_options.hpp"

#include <filesystem>
#include <fstream>
#include <spdlog/fmt/fmt.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <system_error>
#include <time.h>

namespace troupe::load {

namespace {

nanoseconds read_clock(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0)
    return nanoseconds{-1};
  return std::chrono::seconds{time.tv_sec} + nanoseconds{time.tv_nsec};
}

std::uint64_t memory_of_one(pid_t process) {
  std::ifstream file{fmt::format("/proc/{}/smaps_rollup", process)};
  for (std::string word; file >> word;)
    if (std::uint64_t kib = 0; word == "Pss:" && file >> kib)
      return kib * 1024;
  return 0;
}

/// The second field of schedstat, in nanoseconds.
nanoseconds waiting_time_of_thread(const std::filesystem::path& thread) {
  std::ifstream file{thread / "schedstat"};
  nanoseconds::rep running = 0;
  nanoseconds::rep waiting = 0;
  file >> running >> waiting;
  return nanoseconds{waiting};
}

} // namespace

void allow_descriptors(std::size_t descriptors) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= descriptors)
    return;
  rlimit wanted{descriptors, std::max<rlim_t>(descriptors, limit.rlim_max)};
  if (setrlimit(RLIMIT_NOFILE, &wanted) == 0)
    return;
  throw usage_error{fmt::format("{} open files are needed and the hard limit is {}; raise it with "
                                "'ulimit -Hn' or use fewer connections.",
                                descriptors, limit.rlim_max)};
}

nanoseconds own_cpu_time() {
  return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

nanoseconds cpu_time_of(const std::vector<pid_t>& processes) {
  nanoseconds sum{0};
  for (const pid_t process : processes) {
    clockid_t clock{};
    const bool exists = clock_getcpuclockid(process, &clock) == 0;
    const auto used = exists ? read_clock(clock) : nanoseconds{-1};
    if (used.count() < 0)
      throw usage_error{fmt::format("There is no process {} (--pid).", process)};
    sum += used;
  }
  return sum;
}

nanoseconds waiting_time_of(const std::vector<pid_t>& processes) {
  nanoseconds sum{0};
  for (const pid_t process : processes) {
    std::error_code ignored; // a process that ends meanwhile has no threads to look at
    for (std::filesystem::directory_iterator thread{fmt::format("/proc/{}/task", process), ignored},
         end;
         thread != end; thread.increment(ignored))
      sum += waiting_time_of_thread(thread->path());
  }
  return sum;
}

void sharpen_timers() noexcept {
  prctl(PR_SET_TIMERSLACK, 1UL);
}

std::uint64_t memory_of(const std::vector<pid_t>& processes) {
  std::uint64_t sum = 0;
  for (const pid_t process : processes)
    sum += memory_of_one(process);
  return sum;
}

} // namespace troupe::load
