#include "tests/support/catch.hpp"
#include "tests/support/ws_pair.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::test;
using protocol::close_code;
using protocol::opcode;

using lines = std::vector<std::string>;

namespace {

std::string closed_line(errc why, int code) {
  return "closed " + std::to_string(static_cast<int>(why)) + " " + std::to_string(code);
}

} // namespace

TEST_CASE("gorilla C1: by default pings are answered with their payload", "[net][ws_connection]") {
  ws_pair pair;
  CHECK(pair.receive(client_frame(fin | ping, "are you there")).empty());
  CHECK(pair.sent() == short_frame(fin | pong, "are you there"));
}

TEST_CASE("gorilla C1: a ping handler replaces the answer", "[net][ws_connection]") {
  ws_pair pair{{.handles_ping = true}};
  CHECK(pair.receive(client_frame(fin | ping, "a")) == lines{"ping a"});
  CHECK(pair.sent().empty());
  pair.events.ping = [&](byte_view payload) {
    pair.socket->send_control(opcode::pong, payload);
    pair.socket->send(opcode::text, as_bytes("after"));
  };
  pair.receive(client_frame(fin | ping, "b"));
  CHECK(pair.sent() == short_frame(fin | pong, "b") + short_frame(fin | text, "after"));
}

TEST_CASE("gorilla C1: pongs are told with their payload", "[net][ws_connection]") {
  ws_pair pair;
  CHECK(pair.receive(client_frame(fin | pong, "here")) == lines{"pong here"});
  CHECK(pair.receive(client_frame(fin | pong, "")) == lines{"pong "});
}

TEST_CASE("gorilla C1: a close handler replaces the echo", "[net][ws_connection]") {
  ws_pair pair{{.handles_close = true}};
  const auto frame = client_frame(fin | closing, close_payload(4000, "enough"));
  const lines reported{"close frame 4000 enough", closed_line(errc::ok, 4000), "finished"};
  SECTION("with nothing") {
    CHECK(pair.receive(frame) == reported);
    CHECK(pair.sent().empty());
  }
  SECTION("with another code, and last words") {
    pair.events.close_frame = [&] {
      pair.socket->send(opcode::text, as_bytes("bye"));
      pair.socket->close(errc::ok, static_cast<close_code>(4001), "me too");
    };
    CHECK(pair.receive(frame) == reported);
    CHECK(pair.sent()
          == short_frame(fin | text, "bye")
                 + short_frame(fin | closing, close_payload(4001, "me too")));
  }
}

TEST_CASE("gorilla C1: by default the code is echoed without text", "[net][ws_connection]") {
  ws_pair pair;
  CHECK(pair.receive(client_frame(fin | closing, close_payload(4000, "enough")))
        == lines{closed_line(errc::ok, 4000), "finished"});
  CHECK(pair.sent() == short_frame(fin | closing, close_payload(4000)));
}

TEST_CASE("gorilla W4: a control frame in the past fails, without a deadline it waits",
          "[net][ws_connection]") {
  ws_pair pair;
  CHECK(pair.socket->send_control(opcode::ping, as_bytes("late"), -1ms) == verdict::dropped);
  CHECK(pair.socket->send_control(opcode::ping, as_bytes("a")) == verdict::queued);
  CHECK(pair.socket->send_control(opcode::pong, as_bytes("b"), 1min) == verdict::queued);
  CHECK(pair.sent() == short_frame(fin | ping, "a") + short_frame(fin | pong, "b"));
}

TEST_CASE("gorilla W4: a control frame is dropped when its deadline passes in the queue",
          "[net][ws_connection]") {
  ws_pair pair;
  const std::string block(50'000, 'x');
  while (pair.socket->queued_bytes() < 100'000) {
    pair.socket->send(opcode::binary, as_bytes(block));
    pair.home.flush(); // until the kernel takes no more
  }
  CHECK(pair.socket->send_control(opcode::ping, as_bytes("useless"), 1ms) == verdict::queued);
  CHECK(pair.socket->send_control(opcode::ping, as_bytes("patient"), 1h) == verdict::queued);
  CHECK(pair.socket->send_control(opcode::ping, as_bytes("eternal")) == verdict::queued);
  const auto later = net::steady_clock::now() + 5ms;
  std::string all;
  while (pair.socket->queued_bytes() != 0 || net::steady_clock::now() < later) {
    if (net::steady_clock::now() >= later)
      all += pair.taken();
    pair.turn();
  }
  all += pair.taken();
  CHECK(all.find("useless") == std::string::npos);
  CHECK(all.ends_with(short_frame(fin | ping, "patient") + short_frame(fin | ping, "eternal")));
}

TEST_CASE("gorilla W7: nothing is sent behind a close", "[net][ws_connection]") {
  ws_pair pair;
  pair.socket->close(errc::ok, close_code::normal);
  CHECK(pair.socket->send(opcode::text, as_bytes("x")) == verdict::closed);
  CHECK(pair.socket->send_control(opcode::ping, {}) == verdict::closed);
  CHECK(pair.socket->begin_stream(opcode::text) == 0);
  CHECK(pair.sent() == short_frame(fin | closing, close_payload(1000)));
}

TEST_CASE("gorilla C6: hanging up sends no close frame", "[net][ws_connection]") {
  ws_pair pair;
  pair.socket->send(opcode::text, as_bytes("lost"));
  pair.socket->hang_up();
  CHECK(pair.sent().empty());
  CHECK(pair.events.lines == lines{closed_line(errc::ok, 1006), "finished"});
}

TEST_CASE("gorilla R5: the read limit of one connection changes at any time",
          "[net][ws_connection]") {
  ws_pair pair;
  pair.socket->read_limit(5);
  CHECK(pair.receive(client_frame(fin | text, "12345")) == lines{"message 12345"});
  pair.socket->read_limit(100'000);
  CHECK(pair.receive(client_frame(fin | text, std::string(100'000, 'x'))).size() == 1);
  pair.socket->read_limit(5);
  pair.receive(client_frame(fin | text, "123456"));
  CHECK(pair.sent().substr(2, 2) == close_payload(1009));
}

TEST_CASE("gorilla R6: a message that does not come in time ends the connection",
          "[net][ws_connection]") {
  ws_pair pair;
  pair.socket->read_timeout(100ms);
  SECTION("nothing comes") {
    pair.wait(99ms);
    CHECK(pair.sent().empty());
    pair.wait(101ms);
    CHECK(pair.sent().substr(2, 2) == close_payload(1008));
    CHECK(pair.events.lines == lines{closed_line(errc::timed_out, 1008)});
  }
  SECTION("control frames and beginnings do not count") {
    pair.receive(client_frame(fin | ping, "") + client_frame(text, "begun"));
    pair.wait(101ms);
    CHECK(pair.sent().substr(4, 2) == close_payload(1008));
  }
  SECTION("it can be taken back") {
    pair.socket->read_timeout(0ms);
    pair.wait(10s);
    CHECK(pair.sent().empty());
  }
}

TEST_CASE("gorilla R6: every message renews the deadline", "[net][ws_connection]") {
  ws_pair pair;
  pair.socket->read_timeout(40ms);
  const auto end = net::steady_clock::now() + 100ms;
  while (net::steady_clock::now() < end) {
    pair.receive(client_frame(fin | text, "still here"));
    pair.wait(0ms);
    ::usleep(5'000);
  }
  CHECK(pair.sent().empty());
  pair.wait(41ms);
  CHECK_FALSE(pair.sent().empty());
}

TEST_CASE("gorilla W6: one connection may have less patience with its peer",
          "[net][ws_connection]") {
  ws_pair pair;
  pair.socket->write_timeout(50ms);
  const std::string block(50'000, 'x');
  while (pair.socket->queued_bytes() < 210'000) {
    pair.socket->send(opcode::binary, as_bytes(block), {.enabled = false});
    pair.home.flush();
  }
  pair.wait(49ms);
  CHECK(pair.events.lines.empty());
  pair.wait(60ms);
  CHECK(pair.events.lines == lines{closed_line(errc::write_timeout, 1013)});
}

TEST_CASE("gorilla R6: an endpoint may set the deadline of all its connections",
          "[net][ws_connection]") {
  net::ws_options options;
  options.limits.read_timeout = 100ms;
  ws_pair pair{options};
  pair.wait(101ms);
  CHECK(pair.events.lines == lines{closed_line(errc::timed_out, 1008)});
}
