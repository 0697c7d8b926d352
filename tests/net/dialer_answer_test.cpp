#include "troupe/dialer.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/dialling.hpp"
#include "tests/support/websocket_pair.hpp"
#include "tests/support/ws_frames.hpp"

#include <stdexcept>

using namespace troupe;
using test::accept;
using test::code_of;
using test::dial_to;
using test::field_of;
using test::has;
using test::scripted_peer;

TEST_CASE("dialer: a refusal is handed over with its body (gorilla D10)", "[net][dialer]") {
  const auto [answer, status, body] = GENERATE(table<std::string, int, std::string>({
      {"HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\nX-Why: no\r\n\r\nno!and more", 403, "no!"},
      {"HTTP/1.1 302 Found\r\nLocation: ws://b.example\r\nContent-Length: 0\r\n\r\n", 302, ""},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'x'), 200,
       std::string(1024, 'x')},
      {"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: "
       "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
       404, "abcde"},
  }));
  const auto made = dial_to([&text = answer](const std::string&) { return text; });
  REQUIRE(code_of(made.opened) == errc::refused);
  const auto& error = made.opened.error();
  REQUIRE(error.response);
  CHECK(error.response->status == status);
  CHECK(error.response->body == body);
  CHECK(has(error.text, std::to_string(status)));
}

TEST_CASE("dialer: a refusal whose body is cut off is still one (gorilla D10)", "[net][dialer]") {
  scripted_peer server{[](scripted_peer::stream& to) {
    to.read_head();
    to.write("HTTP/1.1 500 Oops\r\n\r\nuntil the end");
    throw std::runtime_error{"hangs up"};
  }};
  const auto opened = dial("ws://a.example", {.connect = server.connect()});
  REQUIRE(code_of(opened) == errc::refused);
  CHECK(opened.error().response->body == "until the end");
}

TEST_CASE("dialer: an answer that is no upgrade is refused (gorilla D10)", "[net][dialer]") {
  const auto without = [](std::string_view part, std::string_view instead) {
    return [=](const std::string& head) {
      auto answer = accept(head);
      return answer.replace(answer.find(part), part.size(), instead);
    };
  };
  CHECK(dial_to(without("Upgrade: websocket", "upgrade: WebSocket")).opened);
  CHECK(dial_to(without("Connection: Upgrade", "connection: keep-alive, upgrade")).opened);
  for (const auto& [part, instead] : {std::pair{"Upgrade: websocket", "Upgrade: h2c"},
                                      {"Upgrade: websocket", "X: websocket"},
                                      {"Connection: Upgrade", "Connection: close"},
                                      {"Accept: ", "Accept: x"},
                                      {"Sec-WebSocket-Accept", "X-Accept"}}) {
    CAPTURE(part, instead);
    const auto made = dial_to(without(part, instead));
    REQUIRE(code_of(made.opened) == errc::refused);
    CHECK(made.opened.error().response->status == 101);
  }
  const auto no_http = dial_to([](const std::string&) { return "SSH-2.0-nonsense\r\n\r\n"; });
  REQUIRE(code_of(no_http.opened) == errc::refused);
  CHECK_FALSE(no_http.opened.error().response);
}

TEST_CASE("dialer: a server that hangs up is told as such (gorilla D10)", "[net][dialer]") {
  scripted_peer server{[](scripted_peer::stream&) { throw std::runtime_error{"hangs up"}; }};
  CHECK(code_of(dial("ws://a.example", {.connect = server.connect()})) == errc::connection_lost);
}

TEST_CASE("dialer: the subprotocol is one of the offers (gorilla D6)", "[net][dialer]") {
  const auto [answer, is_taken] = GENERATE(table<std::string, bool>({
      {"", true},
      {"Sec-WebSocket-Protocol: b\r\n", true},
      {"Sec-WebSocket-Protocol: c\r\n", false},
      {"Sec-WebSocket-Protocol: A\r\n", false},
      {"Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n", false},
  }));
  const auto made = dial_to(
      [&field = answer](const std::string& head) { return test::upgrade_answer(head, field); },
      {.subprotocols = {"a", "b"}});
  CHECK(field_of(made.head, "Sec-WebSocket-Protocol") == "a, b");
  CHECK(made.opened.has_value() == is_taken);
  if (made.opened)
    CHECK(made.opened->subprotocol() == (answer.empty() ? "" : "b"));
}

TEST_CASE("dialer: the answer about compression must fit the offer (gorilla D7)", "[net][dialer]") {
  const std::string both = "server_no_context_takeover; client_no_context_takeover";
  const auto [answer, is_taken] = GENERATE_COPY(table<std::string, bool>({
      {"", true},
      {"permessage-deflate; " + both, true},
      {"permessage-deflate; client_no_context_takeover;server_no_context_takeover", true},
      {"permessage-deflate; " + both + "; server_max_window_bits=10", true},
      {"permessage-deflate", false},
      {"permessage-deflate; server_no_context_takeover", false},
      {"permessage-deflate; " + both + "; client_max_window_bits=10", false},
      {"permessage-deflate; " + both + "; unknown", false},
      {"permessage-deflate; " + both + ", other", false},
      {"x-webkit-deflate-frame", false},
  }));
  const auto fields = answer.empty() ? "" : "Sec-WebSocket-Extensions: " + answer + "\r\n";
  const auto reply = [&](const std::string& head) { return test::upgrade_answer(head, fields); };
  const auto made = dial_to(reply, {.compression = true});
  CHECK(field_of(made.head, "Sec-WebSocket-Extensions") == "permessage-deflate; " + both);
  CHECK(made.opened.has_value() == is_taken);
  if (made.opened)
    CHECK(made.opened->is_compressed() == !answer.empty());
  CHECK(dial_to(reply).opened.has_value() == answer.empty()); // nothing was offered
}

TEST_CASE("dialer: frames right behind the 101 are kept (gorilla D9)", "[net][dialer]") {
  auto made = dial_to([](const std::string& head) {
    return test::upgrade_answer(head) + test::server_frame(test::fin | test::text, "early")
           + test::server_frame(test::fin | test::closing, test::close_payload(1000));
  });
  REQUIRE(made.opened);
  CHECK(test::read_text(*made.opened) == "text early");
  CHECK(is_close_error(made.opened->read_message().error(), {close_code::normal}));
}

TEST_CASE("dialer: an answer may come byte by byte (gorilla D9)", "[net][dialer]") {
  scripted_peer server{[](scripted_peer::stream& to) {
    const auto bytes = accept(to.read_head()) + test::server_frame(test::fin | test::text, "late");
    for (const char byte : bytes)
      to.write({&byte, 1});
  }};
  auto opened = dial("ws://a.example", {.connect = server.connect()});
  REQUIRE(opened);
  CHECK(test::read_text(*opened) == "text late");
}
