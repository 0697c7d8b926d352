#include "net/bad_network.hpp"

#include <array>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace troupe::net {

namespace {

/// What the kernel holds is delay that nobody asked for.
constexpr int kernel_bytes = 16 * 1024;

void keep_short(int descriptor, int option) {
  ::setsockopt(descriptor, SOL_SOCKET, option, &kernel_bytes, sizeof kernel_bytes);
}

} // namespace

bad_network::bad_network(const impairment& how) : how_{how} {}

bad_network::~bad_network() {
  for (const auto& each : new_) {
    ::close(each.client);
    ::close(each.server);
  }
}

int bad_network::connect(int client) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    spdlog::warn("cannot simulate a network for a connection: no descriptors are left");
    ::close(client);
    return -1;
  }
  keep_short(client, SO_RCVBUF);
  for (const int each : ends)
    keep_short(each, SO_SNDBUF);
  {
    const std::lock_guard guard{lock_};
    new_.push_back({client, ends[0]});
  }
  ++size_;
  home_.loop.wake();
  return ends[1];
}

void bad_network::take_new() {
  const auto taken = [this] {
    const std::lock_guard guard{lock_};
    return std::exchange(new_, {});
  }();
  for (const auto& each : taken)
    links_.push_back(
        std::make_unique<bad_link>(home_, each.client, each.server, how_, ++last_seed_));
}

void bad_network::forget_ended() {
  for (const auto* ended : std::exchange(home_.ended, {}))
    size_ -= std::erase_if(links_, [&](const auto& each) { return each.get() == ended; });
}

void bad_network::run() {
  while (!is_stopping_) {
    home_.loop.wait(home_.timers.next_wakeup());
    home_.now = steady_clock::now();
    take_new();
    home_.loop.dispatch();
    home_.timers.advance(home_.now);
    forget_ended();
  }
}

void bad_network::stop() noexcept {
  is_stopping_ = true;
  home_.loop.wake();
}

} // namespace troupe::net
