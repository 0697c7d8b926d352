#include "troupe/dialer.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/dialling.hpp"
#include "tests/support/websocket_pair.hpp"
#include "tests/support/ws_frames.hpp"

#include <stdexcept>

using namespace troupe;
using namespace std::chrono_literals;
using test::accept;
using test::code_of;
using test::dial_to;
using test::field_of;
using test::has;
using test::scripted_peer;

TEST_CASE("dialer: the request is that of RFC 6455 (gorilla D9)", "[net][dialer]") {
  const auto made = dial_to(accept);
  REQUIRE(made.opened);
  CHECK(made.head.starts_with("GET /chat?x=1 HTTP/1.1\r\nHost: a.example\r\n"));
  CHECK(field_of(made.head, "Upgrade") == "websocket");
  CHECK(field_of(made.head, "Connection") == "Upgrade");
  CHECK(field_of(made.head, "Sec-WebSocket-Version") == "13");
  CHECK(field_of(made.head, "Sec-WebSocket-Key").size() == 24);
  CHECK(field_of(made.head, "Sec-WebSocket-Extensions").empty());
  CHECK(made.opened->handshake().status == 101);
  CHECK(made.opened->handshake().field("UPGRADE") == "websocket");
  CHECK(dial_to(accept).head != made.head); // another key
}

TEST_CASE("dialer: only ws and wss without user information are dialled (gorilla D9)",
          "[net][dialer]") {
  for (const auto* url : {"http://a.example", "https://a.example", "ftp://a.example", "a.example",
                          "ws:/a.example", "ws://", "ws://user@a.example", "ws://u:p@a.example",
                          "ws://a.example:0", "ws://a.example:65536", "ws://a b.example", ""}) {
    CAPTURE(url);
    const auto made = dial_to(accept, {}, url);
    REQUIRE(code_of(made.opened) == errc::refused);
    CHECK(has(made.opened.error().text, "no ws:// or wss:// address"));
    CHECK(made.head.empty());
  }
  CHECK(dial_to(accept, {}, "WS://a.example").opened);
}

TEST_CASE("dialer: the hook gets host and port (gorilla D1)", "[net][dialer]") {
  const auto [url, expected] = GENERATE(table<std::string, std::string>({
      {"ws://a.example", "a.example:80"},
      {"ws://a.example:8080/x", "a.example:8080"},
      {"ws://[::1]:81", "::1:81"},
  }));
  scripted_peer server{[](scripted_peer::stream& to) { to.write(accept(to.read_head())); }};
  CHECK(dial(url, {.connect = server.connect()}));
  CHECK(server.asked_for() == expected);
}

TEST_CASE("dialer: what the hook says ends the attempt (gorilla D1)", "[net][dialer]") {
  const auto refusing = [](const std::string&, const std::string&) {
    return result<int, std::string>{std::string{"no way"}};
  };
  const auto throwing = [](const std::string&, const std::string&) -> result<int, std::string> {
    throw std::runtime_error{"no way"};
  };
  for (const connect_function& hook : {connect_function{refusing}, connect_function{throwing}}) {
    const auto opened = dial("ws://a.example", {.connect = hook});
    REQUIRE(code_of(opened) == errc::connection_lost);
    CHECK(opened.error().text == "no way");
  }
}

TEST_CASE("dialer: further request fields are sent (gorilla D9)", "[net][dialer]") {
  const auto made = dial_to(
      accept, {.fields = {{"Origin", "https://a.example"}, {"X-Many", "1"}, {"X-Many", "2"}}});
  CHECK(made.opened);
  CHECK(has(made.head, "\r\nOrigin: https://a.example\r\n"));
  CHECK(has(made.head, "\r\nX-Many: 1\r\nX-Many: 2\r\n"));
}

TEST_CASE("dialer: Host can be replaced (gorilla D9)", "[net][dialer]") {
  const auto made = dial_to(accept, {.fields = {{"host", "b.example:99"}}});
  CHECK(made.opened);
  CHECK(field_of(made.head, "Host") == "b.example:99");
  CHECK_FALSE(has(made.head, "a.example"));
}

TEST_CASE("dialer: fields of the handshake itself are refused (gorilla D9)", "[net][dialer]") {
  for (const auto* name : {"Upgrade", "connection", "Sec-WebSocket-Key", "Sec-Websocket-Version",
                           "SEC-WEBSOCKET-EXTENSIONS", "Sec-WebSocket-Protocol"}) {
    CAPTURE(name);
    const auto made = dial_to(accept, {.fields = {{name, "x"}}, .subprotocols = {"chat"}});
    CHECK(code_of(made.opened) == errc::refused);
    CHECK(made.head.empty());
  }
}

TEST_CASE("dialer: nothing can be smuggled into the request (gorilla D9)", "[net][dialer]") {
  using fields = std::vector<std::pair<std::string, std::string>>;
  for (const auto& wrong : {fields{{"X", "a\r\nY: b"}}, fields{{"X Y", "a"}}, fields{{"", "a"}}})
    CHECK(code_of(dial_to(accept, {.fields = wrong}).opened) == errc::refused);
  CHECK(code_of(dial_to(accept, {.subprotocols = {"a, b"}}).opened) == errc::refused);
}

TEST_CASE("dialer: the handshake has a time limit (gorilla D4)", "[net][dialer]") {
  CHECK(dial_options{}.handshake_timeout == 45s);
  scripted_peer server{[](scripted_peer::stream&) {}};
  const auto opened =
      dial("ws://a.example", {.handshake_timeout = 30ms, .connect = server.connect()});
  REQUIRE(code_of(opened) == errc::timed_out);
  CHECK(opened.error().text == "The handshake was not complete in time.");
}

TEST_CASE("dialer: the limit of the handshake does not outlive it (gorilla D4)", "[net][dialer]") {
  scripted_peer server{[](scripted_peer::stream& to) {
    to.write(accept(to.read_head()));
    to.read_some();
    to.write(test::server_frame(test::fin | test::text, "answer"));
  }};
  auto opened = dial("ws://a.example", {.handshake_timeout = 2s, .connect = server.connect()});
  REQUIRE(opened);
  CHECK(opened->write_text("question"));
  CHECK(test::read_text(*opened) == "text answer");
}

TEST_CASE("dialer: an attempt can be stopped (gorilla D9)", "[net][dialer]") {
  std::stop_source source;
  scripted_peer server{[&](scripted_peer::stream& to) {
    to.read_head();
    source.request_stop();
  }};
  const auto during =
      dial("ws://a.example", {.stop = source.get_token(), .connect = server.connect()});
  CHECK(code_of(during) == errc::closed);
  scripted_peer other{[](scripted_peer::stream& to) { to.write(accept(to.read_head())); }};
  CHECK(code_of(dial("ws://a.example", {.stop = source.get_token(), .connect = other.connect()}))
        == errc::closed);
}
