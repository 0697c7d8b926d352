#include "tests/support/cutting_relay.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace troupe::test {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void send_at_once(int descriptor) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int connect_to(std::uint16_t port) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(made);
    return -1;
  }
  send_at_once(made);
  return made;
}

bool send_all(int to, const char* bytes, std::size_t size) {
  while (size != 0) {
    const auto sent = ::send(to, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

} // namespace

struct cutting_relay::passage {
  int client;
  int server;
  std::size_t left; ///< bytes until the cut

  passage(int from, int to, std::size_t bytes) : client{from}, server{to}, left{bytes} {}
  passage(const passage&) = delete;
  passage& operator=(const passage&) = delete;
  ~passage() {
    ::close(client);
    ::close(server);
  }
};

cutting_relay::cutting_relay(std::uint16_t upstream, unsigned seed)
    : upstream_{upstream}, random_{seed} {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0
      || ::listen(listener_, 128) != 0
      || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error{"The relay cannot listen."};
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { run(); }};
}

cutting_relay::~cutting_relay() {
  is_over_ = true;
  thread_.join();
  ::close(listener_);
}

void cutting_relay::accept() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0)
    return;
  last_accept_ = clock::now();
  send_at_once(client);
  const int server = refuses_ ? -1 : connect_to(upstream_);
  if (server < 0) {
    ::close(client);
    return;
  }
  const std::size_t most = most_;
  const auto left =
      most == 0 ? SIZE_MAX : std::uniform_int_distribution<std::size_t>{0, most}(random_);
  passages_.push_back(std::make_unique<passage>(client, server, left));
}

bool cutting_relay::pass(passage& from, int source, int target) {
  std::array<char, 16 * 1024> buffer;
  const auto got = ::recv(source, buffer.data(), buffer.size(), 0);
  if (got <= 0)
    return false;
  const auto size = static_cast<std::size_t>(got);
  const auto passed = std::min(size, from.left);
  from.left -= from.left == SIZE_MAX ? 0 : passed;
  if (send_all(target, buffer.data(), passed) && passed == size)
    return true;
  ++cuts_;
  return false;
}

void cutting_relay::run() {
  std::vector<pollfd> watched;
  while (!is_over_) {
    if (cuts_all_.exchange(false)) {
      cuts_ += passages_.size();
      passages_.clear();
    }
    watched.assign(1, {listener_, POLLIN, 0});
    for (const auto& each : passages_) {
      watched.push_back({each->client, POLLIN, 0});
      watched.push_back({each->server, POLLIN, 0});
    }
    constexpr int interval_ms = 5;
    if (::poll(watched.data(), watched.size(), interval_ms) <= 0)
      continue;
    for (std::size_t i = passages_.size(); i-- != 0;) {
      auto& each = *passages_[i];
      const bool goes_on =
          (watched[1 + 2 * i].revents == 0 || pass(each, each.client, each.server))
          && (watched[2 + 2 * i].revents == 0 || pass(each, each.server, each.client));
      if (!goes_on)
        passages_.erase(passages_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (watched[0].revents != 0)
      accept();
  }
}

} // namespace troupe::test
