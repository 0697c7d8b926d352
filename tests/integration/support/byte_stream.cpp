#include "tests/integration/support/byte_stream.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <unistd.h>

namespace troupe::test {

using clock = std::chrono::steady_clock;

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

sockaddr_in make_address(const char* host, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  ::inet_pton(AF_INET, host, &result.sin_addr);
  return result;
}

std::chrono::milliseconds left_until(clock::time_point end) {
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(end - clock::now()),
                  std::chrono::milliseconds{0});
}

} // namespace

tcp_client::tcp_client(const tcp_options& how)
    : descriptor_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  if (descriptor_ < 0)
    fail("socket");
  const int yes = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (how.receive_buffer != 0)
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &how.receive_buffer, sizeof(int));
  if (!how.from.empty()) {
    const auto local = make_address(how.from.c_str(), 0);
    if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0)
      fail("bind");
  }
  const auto remote = make_address("127.0.0.1", how.port);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&remote), sizeof remote) != 0)
    fail("connect");
}

tcp_client::~tcp_client() {
  close();
}

void tcp_client::close() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
  descriptor_ = -1;
}

void tcp_client::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void tcp_client::shutdown_send() {
  ::shutdown(descriptor_, SHUT_WR);
}

bool tcp_client::wait(short events, std::chrono::milliseconds deadline) const {
  pollfd watched{.fd = descriptor_, .events = events, .revents = 0};
  return ::poll(&watched, 1, static_cast<int>(deadline.count())) > 0;
}

std::size_t tcp_client::send_some(std::string_view bytes, std::chrono::milliseconds deadline) {
  const auto end = clock::now() + deadline;
  std::size_t sent = 0;
  while (sent < bytes.size() && wait(POLLOUT, left_until(end))) {
    const auto rest = bytes.substr(sent);
    const auto got = ::send(descriptor_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (got < 0 && errno != EAGAIN)
      break; // the server has hung up, which `receive` reports
    sent += got > 0 ? static_cast<std::size_t>(got) : 0U;
  }
  return sent;
}

void tcp_client::send(std::string_view bytes) {
  if (send_some(bytes, patience) < bytes.size() && !wait(POLLHUP | POLLERR, {}))
    throw std::runtime_error{"The server did not take what the test sent."};
}

std::string tcp_client::receive(std::chrono::milliseconds deadline) {
  if (!wait(POLLIN, deadline))
    throw std::runtime_error{"Nothing came within the deadline."};
  std::array<char, 65'536> buffer;
  const auto got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string{};
}

tls_client::tls_client(std::uint16_t port, int version)
    : context_{SSL_CTX_new(TLS_client_method())}, socket_{port} {
  SSL_CTX_set_security_level(context_, 0); // the test must be able to offer what is refused
  SSL_CTX_set_min_proto_version(context_, version);
  SSL_CTX_set_max_proto_version(context_, version);
  tls_ = SSL_new(context_);
  const timeval limit{.tv_sec = patience.count() / 1000, .tv_usec = 0};
  ::setsockopt(socket_.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  SSL_set_fd(tls_, socket_.descriptor());
  if (SSL_connect(tls_) != 1) {
    SSL_free(tls_);
    SSL_CTX_free(context_);
    throw std::runtime_error{"The TLS handshake failed."};
  }
}

tls_client::~tls_client() {
  SSL_free(tls_);
  SSL_CTX_free(context_);
}

void tls_client::send(std::string_view bytes) {
  if (SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) <= 0)
    throw std::runtime_error{"TLS could not send."};
}

std::string tls_client::receive(std::chrono::milliseconds) {
  std::array<char, 65'536> buffer;
  const auto got = SSL_read(tls_, buffer.data(), static_cast<int>(buffer.size()));
  if (got <= 0 && SSL_get_error(tls_, got) == SSL_ERROR_WANT_READ)
    throw std::runtime_error{"Nothing came within the deadline."};
  return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string{};
}

std::string tls_client::certificate() const {
  auto* out = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(out, SSL_get0_peer_certificate(tls_));
  std::string pem(BIO_ctrl_pending(out), '\0');
  BIO_read(out, pem.data(), static_cast<int>(pem.size()));
  BIO_free(out);
  return pem;
}

std::string read_to_end(byte_stream& from, std::chrono::milliseconds deadline) {
  const auto end = clock::now() + deadline;
  std::string all;
  while (true) {
    const auto some = from.receive(left_until(end));
    if (some.empty())
      return all;
    all += some;
  }
}

} // namespace troupe::test
