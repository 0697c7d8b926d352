#include "net/ws_connection.hpp"
#include "protocol/native_encode.hpp"
#include "protocol/ws_writer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ws_pair.hpp"

#include <string>
#include <utility>

using namespace troupe;
using namespace troupe::protocol;
using troupe::test::ws_pair;

namespace {

frame_ptr counted(std::uint64_t n) {
  return make_frame(opcode::binary, encode_reply(n, content_kind::arguments).bytes());
}

std::string counted_from(std::uint64_t first, std::uint64_t last) {
  std::string text;
  for (; first <= last; ++first)
    text += as_text(counted(first)->bytes());
  return text;
}

frame_ptr hello() {
  return make_frame(opcode::binary, encode_hello(1, 1).bytes());
}

const std::string greeting{as_text(hello()->bytes())};

/// A session whose socket can be cut and replaced.
struct session_pair : ws_pair {
  explicit session_pair(net::ws_options settings = {}) : ws_pair{std::move(settings)} {
    socket->keep_sent(64 * 1024);
  }
  void send(std::uint64_t n) { (void)socket->send(counted(n)); }
  void cut() {
    ::close(std::exchange(peer, -1));
    turn();
  }
  void attach(std::uint64_t received) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
    peer = ends[1];
    socket->attach(net::tcp_socket{ends[0]}, hello(), received);
    socket->start({});
  }
};

} // namespace

TEST_CASE("ws_session: a lost socket detaches, a new one gets what was missed",
          "[net][ws_session]") {
  session_pair pair;
  pair.send(1);
  pair.send(2);
  CHECK(pair.sent() == counted_from(1, 2));
  pair.cut();
  CHECK(pair.events.lines == std::vector<std::string>{"detached"});
  CHECK(pair.socket->is_open());
  CHECK(pair.socket->is_detached());
  pair.send(3);
  pair.turn();
  REQUIRE(pair.socket->can_resume_at(1));
  CHECK_FALSE(pair.socket->can_resume_at(4));
  pair.attach(1);
  CHECK(pair.sent() == greeting + counted_from(2, 3));
  CHECK(pair.receive(test::client_frame(0x82, "hi")).back() == "message hi");
}

TEST_CASE("ws_session: without keep_sent a lost socket is the end", "[net][ws_session]") {
  ws_pair pair;
  ::shutdown(pair.peer, SHUT_RDWR);
  pair.turn();
  CHECK(pair.events.lines.back() == "finished");
}

TEST_CASE("ws_session: a close frame ends the session, but for one code", "[net][ws_session]") {
  session_pair pair;
  SECTION("the client leaves") {
    pair.receive(test::client_frame(0x88, test::close_payload(1000)));
    CHECK(pair.events.lines.front() == "closed 0 1000");
  }
  SECTION("the client comes back") {
    pair.receive(test::client_frame(0x88, test::close_payload(3008)));
    CHECK(pair.events.lines == std::vector<std::string>{"detached"});
    CHECK(pair.socket->is_detached());
  }
}

TEST_CASE("ws_session: a blocked socket is cut in the middle of a message", "[net][ws_session]") {
  net::ws_options options;
  options.limits.outbox_bytes = 8'000'000;
  session_pair pair{options};
  pair.socket->keep_sent(8'000'000);
  std::vector<std::byte> large(1'000'000, std::byte{3});
  for (int i = 0; i < 4; ++i)
    REQUIRE(pair.socket->send(make_frame(opcode::binary, large)) == verdict::queued);
  pair.turn();
  REQUIRE(pair.socket->queued_bytes() != 0);
  pair.cut();
  REQUIRE(pair.socket->can_resume_at(0));
  pair.attach(0);
  std::string all;
  for (int i = 0; i < 10'000 && pair.socket->queued_bytes() != 0; ++i) {
    all += pair.sent();
    pair.turn();
  }
  all += pair.sent();
  CHECK(all.size() == greeting.size() + 4 * (large.size() + 10));
}

TEST_CASE("ws_session: the client's news makes room in the ring", "[net][ws_session]") {
  session_pair pair;
  for (std::uint64_t n = 1; n <= 10; ++n)
    pair.send(n);
  pair.turn();
  pair.socket->acknowledge(6);
  CHECK_FALSE(pair.socket->can_resume_at(5));
  CHECK(pair.socket->can_resume_at(6));
  CHECK(pair.socket->can_resume_at(10));
}

TEST_CASE("ws_session: pings and pongs are not for the next socket", "[net][ws_session]") {
  session_pair pair;
  (void)pair.sent();
  (void)pair.socket->send_control(opcode::ping, as_bytes("old"));
  ::close(std::exchange(pair.peer, -1));
  pair.home.wait(net::steady_clock::now()); // the loss is seen before anything is written
  CHECK(pair.socket->is_detached());
  CHECK(pair.socket->queued_bytes() == 0);
  CHECK(pair.socket->send_control(opcode::ping, as_bytes("late")) == verdict::dropped);
}

TEST_CASE("ws_session: a hello that was not written is not sent to the next socket",
          "[net][ws_session]") {
  session_pair pair;
  pair.send(1);
  pair.cut();
  pair.attach(0);
  pair.cut(); // nothing of it was written
  pair.attach(0);
  CHECK(pair.sent() == greeting + counted_from(1, 1));
}

TEST_CASE("ws_session: a newer socket takes the place of an open one", "[net][ws_session]") {
  session_pair pair;
  pair.send(1);
  (void)pair.sent();
  const auto old = pair.peer;
  pair.socket->detach("newer");
  CHECK(pair.events.lines == std::vector<std::string>{"detached"});
  pair.attach(1);
  std::array<char, 64> got{};
  const auto size = ::recv(old, got.data(), got.size(), 0);
  REQUIRE(size > 4);
  CHECK(got[0] == static_cast<char>(0x88));
  CHECK((static_cast<unsigned char>(got[2]) << 8 | static_cast<unsigned char>(got[3])) == 1000);
  ::close(old);
  CHECK(pair.sent() == greeting);
  CHECK(pair.events.lines.size() == 1);
}

TEST_CASE("ws_session: a detached one is bounded, and can end", "[net][ws_session]") {
  net::ws_options options;
  options.limits.outbox_bytes = 10'000;
  session_pair pair{options};
  pair.cut();
  pair.events.lines.clear();
  SECTION("more is sent to it than it may owe") {
    auto verdict_now = verdict::queued;
    std::uint64_t n = 0;
    while (verdict_now == verdict::queued && n < 1'000'000)
      verdict_now = pair.socket->send(counted(++n));
    CHECK(verdict_now == verdict::overflow);
    CHECK(n < 80'000);
    pair.turn();
    CHECK(pair.events.lines.front() == "closed 19 1013");
  }
  SECTION("nobody came back") {
    pair.socket->end_detached(errc::connection_lost);
    CHECK(pair.events.lines == std::vector<std::string>{"closed 23 1006"});
    pair.turn();
  }
  SECTION("the application closes it") {
    pair.socket->close(errc::ok, close_code::normal);
    pair.turn();
    CHECK(pair.events.lines.front() == "closed 0 1000");
  }
  CHECK(pair.events.lines.back() != "detached");
  CHECK_FALSE(pair.socket->is_open());
}
