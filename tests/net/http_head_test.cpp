#include "net/http_head.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"

#include <string>

using namespace troupe;
using namespace troupe::net;
using troupe::test::read_head;

namespace {

const std::string plain_get = "GET /chat?x=1 HTTP/1.1\r\nHost: a.example\r\nX: y\r\n\r\n";

std::string with_fields(std::size_t count) {
  std::string head = "GET / HTTP/1.1\r\nHost: a.example\r\n";
  for (std::size_t i = 1; i < count; ++i)
    head += "A: b\r\n";
  return head + "\r\n";
}

/// A correct head of exactly `size` bytes.
std::string with_size(std::size_t size) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a.example\r\nFill: ";
  const std::string end = "\r\n\r\n";
  return start + std::string(size - start.size() - end.size(), 'x') + end;
}

} // namespace

TEST_CASE("http_head_reader: a whole head gives the request", "[net][http_head]") {
  const peer from{.address = "203.0.113.7", .port = 4711, .secure = true};
  const auto outcome = read_head(plain_get, {}, from);
  REQUIRE(outcome.state == head_state::complete);
  CHECK(outcome.consumed == plain_get.size());
  CHECK(outcome.asked->path() == "/chat");
  CHECK(outcome.asked->header("x") == "y");
  CHECK(outcome.asked->remote_address() == "203.0.113.7");
  CHECK(outcome.asked->remote_port() == 4711);
  CHECK(outcome.asked->is_secure());
}

TEST_CASE("http_head_reader: bytes behind the head are left to the caller", "[net][http_head]") {
  for (std::size_t cut = 1; cut <= plain_get.size(); ++cut) {
    const auto outcome = read_head(plain_get + "\x81\x85 and frames", cut, 1000);
    REQUIRE(outcome.state == head_state::complete);
    CHECK(outcome.consumed == plain_get.size());
  }
}

TEST_CASE("http_head_reader: every prefix asks for more", "[net][http_head]") {
  for (std::size_t size = 1; size < plain_get.size(); ++size)
    CHECK(read_head(plain_get.substr(0, size)).state == head_state::need_more);
}

TEST_CASE("http_head_reader: a head may have exactly the allowed size", "[net][http_head]") {
  const auto piece = GENERATE(std::size_t{1}, std::size_t{1000}, std::size_t{20000});
  CHECK(read_head(with_size(8192), piece, piece).state == head_state::complete);
  CHECK(read_head(with_size(8193), piece, piece).why.status == 431);
}

TEST_CASE("http_head_reader: a head that never ends is refused at the limit", "[net][http_head]") {
  const auto outcome = read_head(with_size(20000).substr(0, 19000));
  CHECK(outcome.why.status == 431);
  CHECK(outcome.why.reason == "The request head is longer than 8192 bytes.");
  CHECK(outcome.consumed <= 8193);
  CHECK(read_head("GET /" + std::string(9000, 'x')).why.status == 431);
}

TEST_CASE("http_head_reader: a head may have exactly the allowed fields", "[net][http_head]") {
  CHECK(read_head(with_fields(64)).state == head_state::complete);
  const auto outcome = read_head(with_fields(65));
  CHECK(outcome.why.status == 431);
  CHECK(outcome.why.reason == "The request has more than 64 header fields.");
}

TEST_CASE("http_head_reader: the limits can be set", "[net][http_head]") {
  const http_limits limits{.head_bytes = 100, .fields = 2};
  CHECK(read_head(with_size(100), limits).state == head_state::complete);
  CHECK(read_head(with_size(101), limits).why.status == 431);
  CHECK(read_head(with_fields(2), limits).state == head_state::complete);
  CHECK(read_head(with_fields(3), limits).why.status == 431);
}

TEST_CASE("http_head_reader: noise is refused at the first wrong byte", "[net][http_head]") {
  const auto tls = read_head("\x16\x03\x01\x02");
  CHECK(tls.why.status == 400);
  CHECK(tls.consumed == 1);
  CHECK(tls.why.reason == "This port speaks plain HTTP, not TLS.");
  CHECK(read_head(std::string(1, '\0')).why.status == 400);
  CHECK(read_head("\r\n").why.status == 400);
  CHECK(read_head(" ").why.status == 400);
  CHECK(read_head("GE\xff").consumed == 3);
  CHECK(read_head(std::string(33, 'A')).why.status == 400);
  CHECK(read_head("GET / HTTP/1.1\nHost").why.status == 400);
  CHECK(read_head("SSH-2.0-OpenSSH_9.2\r\n").why.status == 400);
}

TEST_CASE("http_head_reader: other methods are refused at the end of their line",
          "[net][http_head]") {
  const auto outcome = read_head("PUT / HTTP/1.1\r\n");
  CHECK(outcome.why.status == 405);
  CHECK(outcome.why.reason == "Only GET, HEAD, POST, DELETE and OPTIONS are answered here.");
}

TEST_CASE("http_head_reader: the size of a body is known and beyond doubt", "[net][http_head]") {
  struct row {
    std::string fields;
    int status; // 0: complete
    std::size_t size = 0;
  };
  const auto each = GENERATE(
      row{"", 0}, row{"Content-Length: 0\r\n", 0}, row{"Content-Length: 65536\r\n", 0, 65536},
      row{"Content-Length: 999999999999999\r\n", 0, 999999999999999},
      row{"Content-Length: 9999999999999999\r\n", 413},
      row{"Content-Length: 5\r\nContent-Length: 5\r\n", 400}, row{"Content-Length: 5, 5\r\n", 400},
      row{"Content-Length: +5\r\n", 400}, row{"Content-Length: -5\r\n", 400},
      row{"Content-Length: 0x5\r\n", 400}, row{"Content-Length: 5 5\r\n", 400},
      row{"Content-Length:\r\n", 400}, row{"Transfer-Encoding: chunked\r\n", 411},
      row{"Transfer-Encoding: gzip, chunked\r\n", 411},
      row{"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
      row{"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", 400},
      row{"Expect: 100-Continue\r\nContent-Length: 5\r\n", 0, 5}, row{"Expect: more\r\n", 417});
  CAPTURE(each.fields);
  const auto outcome = read_head("POST / HTTP/1.1\r\nHost: a.example\r\n" + each.fields + "\r\n");
  CHECK(outcome.why.status == each.status);
  if (outcome.asked)
    CHECK(body_size(*outcome.asked) == each.size);
}

TEST_CASE("http_head_reader: a second request follows the first", "[net][http_head]") {
  http_head_reader reader{peer{}};
  CHECK(reader.is_idle());
  const std::string second = "HEAD /b HTTP/1.1\r\nHost: a.example\r\n\r\n";
  const auto input = plain_get + second;
  const auto [consumed, state] = reader.feed(as_bytes(input));
  REQUIRE(state == head_state::complete);
  CHECK_FALSE(reader.is_idle());
  CHECK(reader.take().path() == "/chat");
  CHECK(reader.is_idle());
  const auto rest = std::string_view{input}.substr(consumed);
  REQUIRE(reader.feed(as_bytes(rest)).state == head_state::complete);
  const auto asked = reader.take();
  CHECK(asked.method() == "HEAD");
  CHECK(asked.path() == "/b");
}
