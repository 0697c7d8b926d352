#include "net/tcp_connect.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace troupe::net {
namespace {

struct address {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

struct lookup_result {
  int error = 0; ///< of getaddrinfo
  std::vector<address> addresses;
};

lookup_result look_up(const std::string& host, const std::string& port, int flags) {
  addrinfo hints{};
  hints.ai_flags = flags;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  lookup_result found;
  found.error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{list, ::freeaddrinfo};
  for (const auto* at = list; at != nullptr; at = at->ai_next) {
    address one;
    one.length = at->ai_addrlen;
    std::copy_n(reinterpret_cast<const char*>(at->ai_addr), at->ai_addrlen,
                reinterpret_cast<char*>(&one.storage));
    found.addresses.push_back(one);
  }
  return found;
}

/// A lookup on a thread of its own: getaddrinfo knows no deadline.
struct background_lookup {
  event_signal done;
  std::mutex guard; ///< of `found`
  lookup_result found;
};

websocket_status unreached(wait_result why, const char* what) {
  if (why == wait_result::interrupted)
    return {errc::closed, 0, "The attempt was stopped."};
  return {errc::timed_out, 0, what};
}

result<lookup_result, websocket_status>
look_up_name(const std::string& host, const std::string& port, time_point deadline, int interrupt) {
  auto job = std::make_shared<background_lookup>();
  std::thread{[job, host, port] {
    auto found = look_up(host, port, AI_ADDRCONFIG);
    const std::lock_guard lock{job->guard};
    job->found = std::move(found);
    job->done.raise();
  }}.detach();
  const auto outcome = wait_for(job->done.descriptor(), POLLIN, interrupt, deadline);
  if (outcome != wait_result::ready)
    return unreached(outcome, "The name of the server was not resolved in time.");
  const std::lock_guard lock{job->guard};
  return std::move(job->found);
}

/// Closes a socket unless it is handed over.
class owned_socket {
public:
  explicit owned_socket(int descriptor) noexcept : descriptor_{descriptor} {}
  owned_socket(const owned_socket&) = delete;
  owned_socket& operator=(const owned_socket&) = delete;
  ~owned_socket() {
    if (descriptor_ >= 0)
      ::close(descriptor_);
  }
  int get() const noexcept { return descriptor_; }
  int release() noexcept { return std::exchange(descriptor_, -1); }

private:
  int descriptor_;
};

websocket_status unreachable(int error) {
  return {errc::connection_lost, 0,
          "The server cannot be reached: " + std::system_category().message(error) + "."};
}

result<int, websocket_status> connect_to(const address& where, time_point deadline, int interrupt) {
  owned_socket made{
      ::socket(where.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (made.get() < 0)
    return unreachable(errno);
  const auto* target = reinterpret_cast<const sockaddr*>(&where.storage);
  if (::connect(made.get(), target, where.length) != 0 && errno != EINPROGRESS && errno != EINTR)
    return unreachable(errno);
  const auto outcome = wait_for(made.get(), POLLOUT, interrupt, deadline);
  if (outcome != wait_result::ready)
    return unreached(outcome, "The server did not answer in time.");
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(made.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0)
    return unreachable(error);
  const int on = 1;
  ::setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return made.release();
}

/// The end of one attempt when `attempts` have to share the time that is left.
time_point share(time_point deadline, std::size_t attempts) {
  if (!is_limited(deadline) || attempts <= 1)
    return deadline;
  const auto now = std::chrono::steady_clock::now();
  return now + (deadline - now) / static_cast<time_point::rep>(attempts);
}

} // namespace

result<int, websocket_status> connect_tcp(const std::string& host, const std::string& port,
                                          time_point deadline, int interrupt) {
  auto found = look_up(host, port, AI_NUMERICHOST);
  if (found.error != 0) {
    auto named = look_up_name(host, port, deadline, interrupt);
    if (!named)
      return named.error();
    found = *std::move(named);
  }
  if (found.error != 0)
    return websocket_status{errc::connection_lost, 0,
                            "The name \"" + host
                                + "\" cannot be resolved: " + ::gai_strerror(found.error) + "."};
  websocket_status last{errc::connection_lost, 0, "The server has no address."};
  for (std::size_t i = 0; i != found.addresses.size(); ++i) {
    const auto end = share(deadline, found.addresses.size() - i);
    auto made = connect_to(found.addresses[i], end, interrupt);
    if (made)
      return made;
    last = made.error();
    if (last.code == errc::closed)
      break;
  }
  return last;
}

} // namespace troupe::net
