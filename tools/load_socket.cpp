#include "tools/load_socket.hpp"

#include "tools/load_options.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spdlog/fmt/fmt.h>
#include <system_error>
#include <unistd.h>

namespace troupe::load {

namespace {

sockaddr_in as_ipv4(const sockaddr_storage& address) {
  sockaddr_in result{};
  std::memcpy(&result, &address, sizeof result);
  return result;
}

const sockaddr* generic(const void* address) {
  return static_cast<const sockaddr*>(address);
}

/// Picks the port at connect time, so that ports are shared among destinations.
bool bind_source(int descriptor, std::size_t source) {
  const int on = 1;
  setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + static_cast<std::uint32_t>(source));
  return bind(descriptor, generic(&local), sizeof local) == 0;
}

socket_result fail(int descriptor, const char* what) {
  const int error = errno;
  if (descriptor >= 0)
    close(descriptor);
  auto problem = system_problem(what, error);
  if (error == EADDRNOTAVAIL)
    problem += " (no ports left: use --source-addresses)";
  return {-1, std::move(problem)};
}

} // namespace

std::string system_problem(const char* what, int error) {
  return fmt::format("{}: {}", what, std::generic_category().message(error));
}

bool target_address::is_ipv4_loopback() const noexcept {
  return address.ss_family == AF_INET
         && ntohl(as_ipv4(address).sin_addr.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
}

target_address resolve(const net::url& target) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(target.host.c_str(), target.port.c_str(), &hints, &found);
  if (error != 0)
    throw usage_error{
        fmt::format("The host {} cannot be found: {}.", target.host, gai_strerror(error))};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner{found, freeaddrinfo};
  target_address result;
  std::memcpy(&result.address, found->ai_addr, found->ai_addrlen);
  result.size = found->ai_addrlen;
  return result;
}

socket_result begin_connect(const target_address& target, std::size_t source) {
  const int descriptor =
      socket(target.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0)
    return fail(-1, "socket");
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (source != 0 && !bind_source(descriptor, source))
    return fail(descriptor, "bind");
  if (connect(descriptor, generic(&target.address), target.size) != 0 && errno != EINPROGRESS)
    return fail(descriptor, "connect");
  return {descriptor, {}};
}

std::string connect_problem(int descriptor) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0 ? std::string{} : system_problem("connect", error);
}

} // namespace troupe::load
