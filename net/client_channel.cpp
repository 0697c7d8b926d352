#include "net/client_channel.hpp"

#include <array>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

namespace troupe::net {
namespace {

using kind = io_result::kind;

/// A lock that is taken only if there is something to protect.
std::unique_lock<std::mutex> lock_if(bool needed, std::mutex& guard) {
  return needed ? std::unique_lock{guard} : std::unique_lock<std::mutex>{};
}

std::string address_text(const sockaddr_storage& address, socklen_t length) {
  if (address.ss_family != AF_INET && address.ss_family != AF_INET6)
    return {};
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (::getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, host.data(), host.size(),
                    port.data(), port.size(), NI_NUMERICHOST | NI_NUMERICSERV)
      != 0)
    return {};
  const std::string text = host.data();
  return (address.ss_family == AF_INET6 ? "[" + text + "]" : text) + ":" + port.data();
}

template <class Ask>
std::string ask_address(int descriptor, Ask ask) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (ask(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    return {};
  return address_text(address, length);
}

} // namespace

client_channel::client_channel(int descriptor) : socket_{descriptor} {
  const int flags = ::fcntl(descriptor, F_GETFL);
  ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

websocket_status client_channel::secure(client_tls_ptr tls, time_point deadline) {
  if (socket_.is_secure())
    attach_to_tls(*tls, socket_.release_tls());
  else
    attach_to_socket(*tls, descriptor());
  auto* handshake = tls.get();
  socket_.secure(tls.release());
  for (;;) {
    ERR_clear_error();
    const int returned = SSL_do_handshake(handshake);
    if (returned == 1)
      return {};
    const int wanted = SSL_get_error(handshake, returned);
    if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE)
      return {is_dropped_ ? errc::closed : errc::connection_lost, 0,
              "The TLS handshake failed: " + handshake_problem(*handshake) + "."};
    const short events = wanted == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    if (const auto code = wait(events, deadline); code != errc::ok)
      return {code, 0, "The TLS handshake took too long."};
  }
}

errc client_channel::wait(short events, time_point deadline) noexcept {
  if (wait_for(descriptor(), events, -1, deadline) == wait_result::timed_out)
    return errc::timed_out;
  return is_dropped_ ? errc::closed : errc::ok;
}

client_channel::outcome client_channel::read(std::span<std::byte> into,
                                             const shared_deadline& deadline) noexcept {
  for (;;) {
    if (has_passed(deadline.at()))
      return {errc::timed_out};
    auto lock = lock_if(socket_.is_secure(), guard_);
    const auto done = socket_.read(into);
    lock = {};
    if (is_dropped_)
      return {errc::closed};
    if (done.what == kind::done || done.what == kind::ended)
      return {errc::ok, done.bytes};
    if (done.what == kind::failed)
      return {errc::connection_lost};
    const short events = done.wants_write ? POLLOUT : POLLIN;
    if (wait_for(descriptor(), events, signal_.descriptor(), deadline.at())
        == wait_result::interrupted)
      signal_.clear();
  }
}

errc client_channel::write(byte_view bytes, time_point deadline) noexcept {
  while (!bytes.empty()) {
    auto lock = lock_if(socket_.is_secure(), guard_);
    const auto done = socket_.write(bytes);
    lock = {};
    if (is_dropped_)
      return errc::closed;
    if (done.what == kind::done)
      bytes = bytes.subspan(done.bytes);
    else if (done.what != kind::would_block)
      return errc::connection_lost;
    else if (const auto code =
                 wait(socket_.is_secure() && !done.wants_write ? POLLIN : POLLOUT, deadline);
             code != errc::ok)
      return code;
  }
  return errc::ok;
}

void client_channel::drop() noexcept {
  is_dropped_ = true;
  ::shutdown(descriptor(), SHUT_RDWR);
  signal_.raise();
}

void client_channel::end_output() noexcept {
  const auto lock = lock_if(socket_.is_secure(), guard_);
  socket_.shutdown_send();
}

std::string local_address(int descriptor) {
  return ask_address(descriptor, ::getsockname);
}

std::string remote_address(int descriptor) {
  return ask_address(descriptor, ::getpeername);
}

} // namespace troupe::net
