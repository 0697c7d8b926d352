#include "net/tcp_socket.hpp"

#include "net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace troupe::net {

namespace {

io_result outcome(ssize_t returned) noexcept {
  if (returned > 0)
    return {.what = io_result::kind::done, .bytes = static_cast<std::size_t>(returned)};
  if (returned == 0)
    return {.what = io_result::kind::ended};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
    return {.what = io_result::kind::would_block};
  return {.what = io_result::kind::failed};
}

// The plain system calls: in a process with threads libc's wrappers are cancellation points, and
// that costs 2 % of a fan-out (bench/README.md).
ssize_t receive(int descriptor, std::span<std::byte> into) noexcept {
  return ::syscall(SYS_recvfrom, descriptor, into.data(), into.size(), 0, nullptr, nullptr);
}

ssize_t send(int descriptor, std::span<const std::byte> bytes, int flags) noexcept {
  return ::syscall(SYS_sendto, descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | flags,
                   nullptr, 0);
}

ssize_t send(int descriptor, const msghdr& message) noexcept {
  return ::syscall(SYS_sendmsg, descriptor, &message, MSG_NOSIGNAL);
}

int clamp_to_int(std::size_t n) noexcept {
  return static_cast<int>(std::min<std::size_t>(n, INT_MAX));
}

tcp_endpoint to_endpoint(int descriptor, int (*name_of)(int, sockaddr*, socklen_t*)) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  char text[INET6_ADDRSTRLEN]{};
  std::uint16_t port = 0;
  if (name_of(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    return {};
  if (address.ss_family == AF_INET) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    port = v4.sin_port;
  } else if (address.ss_family == AF_INET6) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
    port = v6.sin6_port;
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
      ::inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text, sizeof text);
    else
      ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  }
  return {.address = text, .port = ntohs(port)};
}

} // namespace

void tcp_socket::tls_deleter::operator()(SSL* tls) const noexcept {
  SSL_free(tls);
}

tcp_socket::tcp_socket(int descriptor, const tls_context* tls) : descriptor_{descriptor} {
  if (tls != nullptr)
    tls_.reset(tls->accept_on(descriptor));
}

tcp_socket::tcp_socket(tcp_socket&& other) noexcept
  : descriptor_{std::exchange(other.descriptor_, -1)}, tls_{std::move(other.tls_)} {}

tcp_socket& tcp_socket::operator=(tcp_socket&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    tls_ = std::move(other.tls_);
  }
  return *this;
}

tcp_socket::~tcp_socket() {
  close();
}

void tcp_socket::close() noexcept {
  tls_.reset();
  if (descriptor_ >= 0)
    ::close(std::exchange(descriptor_, -1));
}

io_result tcp_socket::tls_outcome(int returned) noexcept {
  if (returned > 0)
    return {.what = io_result::kind::done, .bytes = static_cast<std::size_t>(returned)};
  auto reason = SSL_get_error(tls_.get(), returned);
  ERR_clear_error();
  switch (reason) {
    case SSL_ERROR_WANT_READ:
      return {.what = io_result::kind::would_block};
    case SSL_ERROR_WANT_WRITE:
      return {.what = io_result::kind::would_block, .wants_write = true};
    case SSL_ERROR_ZERO_RETURN:
      return {.what = io_result::kind::ended};
    default:
      return {.what = io_result::kind::failed};
  }
}

io_result tcp_socket::read(std::span<std::byte> into) noexcept {
  if (!tls_)
    return outcome(receive(descriptor_, into));
  return tls_outcome(SSL_read(tls_.get(), into.data(), clamp_to_int(into.size())));
}

io_result tcp_socket::write(std::span<const std::byte> bytes, more_to_come more) noexcept {
  if (!tls_)
    return outcome(send(descriptor_, bytes, more == more_to_come::yes ? MSG_MORE : 0));
  return tls_outcome(SSL_write(tls_.get(), bytes.data(), clamp_to_int(bytes.size())));
}

io_result tcp_socket::write(std::span<const iovec> parts) noexcept {
  if (tls_)
    return write(std::span{static_cast<const std::byte*>(parts[0].iov_base), parts[0].iov_len});
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  return outcome(send(descriptor_, message));
}

std::size_t tcp_socket::unsent_bytes() const noexcept {
  int waiting = 0;
  return ::ioctl(descriptor_, SIOCOUTQ, &waiting) == 0 ? static_cast<std::size_t>(waiting) : 0;
}

void tcp_socket::grow_send_buffer() noexcept {
  int bytes = 0;
  socklen_t length = sizeof bytes;
  // The kernel reports, and takes, twice the value that was set: setting what it reports doubles it.
  if (::getsockopt(descriptor_, SOL_SOCKET, SO_SNDBUF, &bytes, &length) == 0)
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

void tcp_socket::shutdown_send() noexcept {
  if (tls_) {
    SSL_shutdown(tls_.get());
    ERR_clear_error();
  }
  ::shutdown(descriptor_, SHUT_WR);
}

tcp_endpoint peer_endpoint(int descriptor) {
  return to_endpoint(descriptor, ::getpeername);
}

tcp_endpoint local_endpoint(int descriptor) {
  return to_endpoint(descriptor, ::getsockname);
}

} // namespace troupe::net
