#include "net/listener.hpp"

#include "net/reactor.hpp"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace troupe::net {

namespace {

constexpr int backlog = 4096;
/// The kernel doubles it for its own bookkeeping. A stalled client costs this much outside of the
/// process, and the sooner it is full, the sooner the stall is noticed.
constexpr int send_buffer_bytes = 64 * 1024;

std::string reason(int error) {
  return std::generic_category().message(error);
}

std::pair<std::string, std::string> split_address(const std::string& address) {
  auto colon = address.rfind(':');
  if (colon == std::string::npos)
    throw std::runtime_error{"cannot listen on \"" + address + "\": it is not host:port"};
  auto host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  return {host, address.substr(colon + 1)};
}

void set_option(int descriptor, int level, int name, int value) {
  ::setsockopt(descriptor, level, name, &value, sizeof value);
}

/// @returns a listening socket, or -1 with errno.
int listen_on(const addrinfo& where) {
  auto descriptor = ::socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0)
    return -1;
  set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
  set_option(descriptor, SOL_SOCKET, SO_SNDBUF, send_buffer_bytes); // inherited by accept
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  if (::bind(descriptor, where.ai_addr, where.ai_addrlen) == 0
      && ::listen(descriptor, backlog) == 0)
    return descriptor;
  auto error = errno;
  ::close(descriptor);
  errno = error;
  return -1;
}

} // namespace

listener::listener(reactor& home, const std::string& address, accept_function on_accept)
  : home_{home}, on_accept_{std::move(on_accept)} {
  auto [host, service] = split_address(address);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  auto* node = host.empty() || host == "*" ? nullptr : host.c_str();
  if (auto error = ::getaddrinfo(node, service.c_str(), &hints, &found); error != 0)
    throw std::runtime_error{"cannot listen on " + address + ": " + ::gai_strerror(error)};
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{found, &::freeaddrinfo};
  for (auto* each = found; each != nullptr && descriptor_ < 0; each = each->ai_next)
    descriptor_ = listen_on(*each);
  if (descriptor_ < 0)
    throw std::runtime_error{"cannot listen on " + address + ": " + reason(errno)};
  learn_address(host);
  home_.loop.add(descriptor_, *this, io_interest::read);
}

listener::~listener() {
  home_.loop.remove(descriptor_, *this);
  ::close(descriptor_);
}

void listener::learn_address(const std::string& host) {
  sockaddr_storage bound{};
  socklen_t length = sizeof bound;
  ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&bound), &length);
  port_ = ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port
                                            : reinterpret_cast<sockaddr_in&>(bound).sin_port);
  auto is_v6 = host.find(':') != std::string::npos;
  address_ = (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port_);
}

void listener::on_ready(io_interest) noexcept {
  for (int i = 0; i < batch; ++i) {
    auto descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      on_accept_(descriptor);
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK)
      return;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
      return back_off(errno);
    // Anything else concerns the one connection that failed before it was accepted.
  }
}

void listener::back_off(int error) {
  home_.loop.modify(descriptor_, *this, io_interest::none);
  home_.timers.arm(*this, home_.now() + retry_after);
  if (home_.now() - last_complaint_ < std::chrono::seconds{1})
    return;
  last_complaint_ = home_.now();
  spdlog::warn("cannot accept connections on {}: {}; trying again every {} ms", address_,
               reason(error), retry_after.count());
}

void listener::on_timer(time_point) noexcept {
  home_.loop.modify(descriptor_, *this, io_interest::read);
}

} // namespace troupe::net
