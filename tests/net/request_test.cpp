#include "troupe/request.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace troupe;
using troupe::test::make_request;

TEST_CASE("request: the parts of the head can be read", "[net][request]") {
  const auto asked = make_request("/rooms/blue?seat=3", "Host: a.example:8080\r\nX-Y:  z \r\n",
                                  {.address = "2001:db8::1", .port = 50000, .secure = false});
  CHECK(asked.method() == "GET");
  CHECK(asked.target() == "/rooms/blue?seat=3");
  CHECK(asked.version() == "HTTP/1.1");
  CHECK(asked.path() == "/rooms/blue");
  CHECK(asked.host() == "a.example:8080");
  CHECK(asked.header("x-y") == "z");
  CHECK(asked.remote_address() == "2001:db8::1");
  CHECK(asked.remote_port() == 50000);
  CHECK_FALSE(asked.is_secure());
}

TEST_CASE("request: the path is decoded, plus signs stay", "[net][request]") {
  CHECK(make_request("/a%20b+c/%C3%A4").path() == "/a b+c/\xc3\xa4");
  CHECK(make_request("/%2Fa").path() == "//a");
  CHECK(make_request("/").path() == "/");
  CHECK(make_request("/.../.a/b.").path() == "/.../.a/b.");
  CHECK(make_request("/%61bc", {}, {.address = "::1"}).remote_address() == "::1");
}

TEST_CASE("request: a head with a bad target is none", "[net][request]") {
  const std::string target =
      GENERATE("a", "*", "http://a/b", "/%", "/%4", "/%4g", "/%00", "/%0a", "/.", "/..", "/a/..",
               "/a/../b", "/./a", "/%2e%2e/a", "/a%2f..", "/a?b=%", "/a#b", "/\xff");
  CAPTURE(target);
  CHECK_FALSE(request::from_head("GET " + target + " HTTP/1.1\r\n\r\n", {}));
}

TEST_CASE("request: a text that is no single head is none", "[net][request]") {
  const std::string text =
      GENERATE("", "\r\n\r\n", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET /\r\n\r\n",
               "GET  HTTP/1.1\r\n\r\n", " / HTTP/1.1\r\n\r\n", "GET / a HTTP/1.1\r\n\r\n",
               "GET / HTTP/1.1\r\n\r\nx", "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
  CAPTURE(text);
  CHECK_FALSE(request::from_head(text, {}));
}

TEST_CASE("request: query parameters are decoded", "[net][request]") {
  const auto asked = make_request("/?name=J%C3%B6rg+K&flag&empty=&a=1&a=2&x%26y=z%3D&e==");
  CHECK(asked.query("name") == "J\xc3\xb6rg K");
  CHECK(asked.query("flag") == "");
  CHECK(asked.query("empty") == "");
  CHECK(asked.query("a") == "1");
  CHECK(asked.query("x&y") == "z=");
  CHECK(asked.query("e") == "=");
  CHECK_FALSE(asked.query("nam"));
  CHECK_FALSE(make_request("/").query("a"));
  CHECK_FALSE(make_request("/?").query("a"));
}

TEST_CASE("request: fields are iterated in the order of arrival", "[net][request]") {
  const auto asked = make_request("/", "B: 1\r\na:2\r\nB:\r\nC: \t3 : 4\t\r\n");
  const std::vector<header_field> seen(asked.headers().begin(), asked.headers().end());
  const std::vector<header_field> expected{{"B", "1"}, {"a", "2"}, {"B", ""}, {"C", "3 : 4"}};
  CHECK(seen == expected);
  CHECK(asked.header("b") == "1");
  CHECK_FALSE(asked.header("D"));
  const auto bare = make_request("/");
  CHECK(bare.headers().begin() == bare.headers().end());
  CHECK(bare.host().empty());
}

TEST_CASE("request: cookies are found by their exact name", "[net][request]") {
  const auto asked =
      make_request("/", "Cookie: a=1; session=\"x=y\";b = 2 ;; a=3\r\nX: y\r\nCookie: late=4\r\n");
  CHECK(asked.cookie("a") == "1");
  CHECK(asked.cookie("session") == "x=y");
  CHECK(asked.cookie("b") == "2");
  CHECK(asked.cookie("late") == "4");
  CHECK_FALSE(asked.cookie("A"));
  CHECK_FALSE(asked.cookie("sess"));
}

TEST_CASE("request: offered subprotocols of all fields are listed", "[net][request]") {
  const auto asked =
      make_request("/", "Sec-WebSocket-Protocol: a ,b,, c\r\nsec-websocket-protocol: d\r\n");
  CHECK(asked.subprotocols() == std::vector<std::string_view>{"a", "b", "c", "d"});
  CHECK(make_request("/").subprotocols().empty());
}

TEST_CASE("request: copies and moved objects read the same", "[net][request]") {
  auto asked = make_request("/%41?q=1", "Host: a.example\r\n", {.address = "127.0.0.1"});
  const auto copy = asked;
  const auto moved = std::move(asked);
  for (const auto* each : {&copy, &moved}) {
    CHECK(each->path() == "/A");
    CHECK(each->query("q") == "1");
    CHECK(each->host() == "a.example");
    CHECK(each->remote_address() == "127.0.0.1");
  }
}

TEST_CASE("request: it costs little more than its head", "[net][request]") {
  CHECK(sizeof(request) <= 64);
}
