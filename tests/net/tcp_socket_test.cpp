#include "net/tcp_socket.hpp"

#include "troupe/bytes.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <fcntl.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

using troupe::as_bytes;
using troupe::as_text;
using troupe::net::io_result;
using troupe::net::peer_endpoint;
using troupe::net::tcp_socket;

namespace {

std::pair<tcp_socket, tcp_socket> make_pair() {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
  return {tcp_socket{ends[0]}, tcp_socket{ends[1]}};
}

bool is_open(int descriptor) {
  return ::fcntl(descriptor, F_GETFD) != -1;
}

} // namespace

TEST_CASE("tcp_socket: reads and writes without blocking", "[net][tcp_socket]") {
  auto [a, b] = make_pair();
  std::array<std::byte, 16> buffer{};
  CHECK(a.read(buffer).what == io_result::kind::would_block);
  auto wrote = b.write(as_bytes("hello"));
  CHECK(wrote.what == io_result::kind::done);
  CHECK(wrote.bytes == 5);
  auto got = a.read(buffer);
  REQUIRE(got.what == io_result::kind::done);
  CHECK(as_text(std::span{buffer}.first(got.bytes)) == "hello");
}

TEST_CASE("tcp_socket: gathers parts into one write", "[net][tcp_socket]") {
  auto [a, b] = make_pair();
  std::string one = "ab", two = "cd";
  std::array<iovec, 2> parts{iovec{one.data(), 2}, iovec{two.data(), 2}};
  CHECK(b.write(parts).bytes == 4);
  std::array<std::byte, 16> buffer{};
  CHECK(as_text(std::span{buffer}.first(a.read(buffer).bytes)) == "abcd");
}

TEST_CASE("tcp_socket: says when the kernel takes no more", "[net][tcp_socket]") {
  auto [a, b] = make_pair();
  const std::string block(65'536, 'x');
  auto result = a.write(as_bytes(block));
  for (int i = 0; i < 1'000 && result.what == io_result::kind::done; ++i)
    result = a.write(as_bytes(block));
  CHECK(result.what == io_result::kind::would_block);
  CHECK(a.unsent_bytes() != 0);
}

TEST_CASE("tcp_socket: tells an end from a failure", "[net][tcp_socket]") {
  auto [a, b] = make_pair();
  std::array<std::byte, 16> buffer{};
  b.shutdown_send();
  CHECK(a.read(buffer).what == io_result::kind::ended);
  CHECK(a.write(as_bytes("still heard")).what == io_result::kind::done);
  b.close();
  CHECK(a.write(as_bytes("lost")).what == io_result::kind::failed); // and no SIGPIPE
}

TEST_CASE("tcp_socket: owns its descriptor", "[net][tcp_socket]") {
  auto [a, b] = make_pair();
  auto descriptor = a.descriptor();
  {
    tcp_socket moved{std::move(a)};
    CHECK(moved.descriptor() == descriptor);
    CHECK(is_open(descriptor));
  }
  CHECK(!is_open(descriptor));
  auto other = b.descriptor();
  b = tcp_socket{};
  CHECK(!is_open(other));
  CHECK(!b.is_open());
}

TEST_CASE("tcp_socket: peer_endpoint names the other end", "[net][tcp_socket]") {
  auto listener = ::socket(AF_INET6, SOCK_STREAM, 0);
  if (listener < 0)
    return; // no IPv6 here
  tcp_socket owner{listener};
  int off = 0;
  ::setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  sockaddr_in6 any{};
  any.sin6_family = AF_INET6;
  socklen_t size = sizeof any;
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&any), size) == 0);
  REQUIRE(::listen(listener, 1) == 0);
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&any), &size) == 0);
  tcp_socket client{::socket(AF_INET, SOCK_STREAM, 0)};
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = any.sin6_port;
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(client.descriptor(), reinterpret_cast<sockaddr*>(&v4), sizeof v4) == 0);
  tcp_socket accepted{::accept(listener, nullptr, nullptr)};
  auto peer = peer_endpoint(accepted.descriptor());
  CHECK(peer.address == "127.0.0.1"); // not ::ffff:127.0.0.1
  CHECK(peer.port != 0);
  auto [a, b] = make_pair();
  CHECK(peer_endpoint(a.descriptor()).address.empty());
}
