#include "server/signals.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace troupe {

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

} // namespace

stop_event::stop_event() : descriptor_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (descriptor_ < 0)
    fail("cannot create an event descriptor");
}

stop_event::~stop_event() {
  ::close(descriptor_);
}

void stop_event::set() noexcept {
  std::uint64_t one = 1;
  [[maybe_unused]] auto written = ::write(descriptor_, &one, sizeof one);
}

void stop_event::clear() noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] auto got = ::read(descriptor_, &count, sizeof count);
}

signal_watch::signal_watch(stop_event& also) : also_{also} {
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGTERM);
  sigaddset(&watched, SIGINT);
  sigaddset(&watched, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &watched, &previous_);
  descriptor_ = ::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor_ < 0)
    fail("cannot create a signal descriptor");
}

signal_watch::~signal_watch() {
  ::close(descriptor_);
  pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
}

signal_kind signal_watch::wait() {
  while (true)
    if (auto what = poll(-1))
      return *what;
}

std::optional<signal_kind> signal_watch::wait(std::chrono::milliseconds timeout) {
  return poll(static_cast<int>(timeout.count()));
}

std::optional<signal_kind> signal_watch::poll(int timeout_ms) {
  pollfd watched[2]{{.fd = descriptor_, .events = POLLIN, .revents = 0},
                    {.fd = also_.descriptor(), .events = POLLIN, .revents = 0}};
  if (::poll(watched, 2, timeout_ms) <= 0)
    return std::nullopt;
  if (watched[1].revents != 0) {
    also_.clear();
    return signal_kind::stop;
  }
  signalfd_siginfo info{};
  if (::read(descriptor_, &info, sizeof info) != sizeof info)
    return std::nullopt;
  return info.ssi_signo == SIGHUP ? signal_kind::reload : signal_kind::stop;
}

void block_signals() noexcept {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

std::size_t raise_descriptor_limit() noexcept {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<std::size_t>(limit.rlim_cur);
}

} // namespace troupe
