#include "tests/integration/support/http_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

struct row {
  std::string request;
  int status;
};

struct page_server : running_server {
  page_server()
    : running_server{quick_config(), [](auto& s) {
                       s.file("/page.html", "<p>hello</p>");
                       s.endpoint("/chat");
                     }} {}
};

std::string many_fields(int count) {
  std::string fields;
  for (int i = 0; i < count; ++i)
    fields += "A" + std::to_string(i) + ": b\r\n";
  return fields;
}

/// An upgrade with `from` replaced by `to`.
std::string wrong_upgrade(std::string_view from, std::string_view to) {
  auto request = upgrade("/raw");
  return request.replace(request.find(from), from.size(), to);
}

} // namespace

TEST_CASE("http: every refusal has its status and one line that says why", "[integration][http]") {
  const auto wrong = GENERATE(
      row{"\r\n\r\n", 400}, row{"nonsense\r\n\r\n", 400}, row{"GET / HTTP/1.1\r\n\r\n", 400},
      row{get("/nothing"), 404}, row{get("/../etc/passwd"), 400}, row{get("/%zz"), 400},
      row{"POST /page.html HTTP/1.1\r\nHost: a\r\n\r\n", 405}, row{get("/raw"), 426},
      row{get("/big", "X: " + std::string(9'000, 'x') + "\r\n"), 431},
      row{get("/many", many_fields(64)), 431},
      row{wrong_upgrade("Key: dGhlIHNhbXBsZSBub25jZQ==", "Key: c2hvcnQ="), 400},
      row{wrong_upgrade("Sec-WebSocket-Key", "X-Key"), 400},
      row{wrong_upgrade("Version: 13", "Version: 12"), 426},
      row{wrong_upgrade("HTTP/1.1", "HTTP/1.0"), 400}, row{wrong_upgrade("GET", "POST"), 405},
      row{wrong_upgrade("Connection: Upgrade", "Connection: close"), 400},
      row{upgrade("/raw", "Content-Length: 5\r\n") + "hello", 400},
      row{upgrade("/raw", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
      row{upgrade("/raw", "Upgrade: websocket\r\n"), 400}, row{upgrade("/chat"), 400},
      row{upgrade("/chat", "Sec-WebSocket-Protocol: other.v1\r\n"), 400},
      row{upgrade("/raw", "Origin: http://evil.example\r\n"), 403},
      row{upgrade("/raw", "Origin: null\r\n"), 403}, row{upgrade("/elsewhere"), 404});
  CAPTURE(wrong.request.substr(0, 200));
  const page_server server;
  tcp_client client{server.port()};
  client.send(wrong.request);
  std::string rest;
  const auto answer = read_answer(client, rest);
  CHECK(answer.status == wrong.status);
  CHECK(answer.body.size() > 10);
  CHECK(answer.body.find('\n') == answer.body.size() - 1);
  CHECK(rest.empty());
  CHECK(read_to_end(client).empty());
}

TEST_CASE("http: fields at the limits are accepted", "[integration][http]") {
  const page_server server;
  const auto port = server.port();
  CHECK(ask_http(port, get("/healthz", many_fields(63))).status == 200);
  CHECK(ask_http(port, get("/healthz", "X: " + std::string(8'000, 'x') + "\r\n")).status == 200);
  CHECK(ask_http(port, upgrade("/raw", "Origin: http://a.example\r\n")).status == 101);
}

TEST_CASE("http: a file has a tag and is sent once", "[integration][http]") {
  const page_server server;
  const auto port = server.port();
  const auto first = ask_http(port, get("/page.html"));
  CHECK(first.status == 200);
  CHECK(first.body == "<p>hello</p>");
  CHECK(first.field("Content-Type") == "text/html; charset=utf-8");
  const auto tag = first.field("ETag");
  REQUIRE_FALSE(tag.empty());
  const auto again = ask_http(port, get("/page.html", "If-None-Match: " + tag + "\r\n"));
  CHECK(again.status == 304);
  CHECK(again.body.empty());
}

TEST_CASE("http: HEAD answers with the head only", "[integration][http]") {
  const auto path = GENERATE("/page.html", "/healthz");
  const page_server server;
  tcp_client client{server.port()};
  client.send(std::string{"HEAD "} + path
              + " HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
  std::string rest;
  const auto answer = read_answer(client, rest, false);
  CHECK(answer.status == 200);
  CHECK(answer.field("Content-Length") != "");
  CHECK(rest + read_to_end(client) == "");
}

TEST_CASE("http: a connection is kept for further requests", "[integration][http]") {
  const page_server server;
  tcp_client client{server.port()};
  std::string rest;
  for (int i = 0; i < 3; ++i) {
    client.send(get("/healthz"));
    const auto answer = read_answer(client, rest);
    CHECK(answer.status == 200);
    CHECK(answer.body == "ok\n");
  }
  client.send(upgrade("/raw"));
  CHECK(read_answer(client, rest).status == 101);
}

TEST_CASE("http: one request at a time: behind pipelined ones the connection ends",
          "[integration][http]") {
  const page_server server;
  tcp_client client{server.port()};
  client.send(get("/healthz") + get("/page.html"));
  std::string rest;
  const auto answer = read_answer(client, rest);
  CHECK(answer.body == "ok\n");
  CHECK(answer.field("Connection") == "close");
  CHECK(rest + read_to_end(client) == ""); // the client asks again on another connection
}

TEST_CASE("http: frames behind an upgrade request are kept", "[integration][http]") {
  const page_server server;
  tcp_client client{server.port()};
  client.send(upgrade("/raw") + std::string{"\x81\x83\0\0\0\0abc", 9});
  std::string rest;
  CHECK(read_answer(client, rest).status == 101);
  while (rest.size() < 5) {
    const auto some = client.receive();
    REQUIRE_FALSE(some.empty());
    rest += some;
  }
  CHECK(rest
        == "\x81\x03"
           "abc");
}

} // namespace troupe::test
