#include "net/http_head.hpp"
#include "net/upgrade.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"

#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::net;
using troupe::test::handshake_fields;
using troupe::test::read_head;
using troupe::test::with;

namespace {

struct raw_request {
  const char* what;
  std::string head;
  int status; // 101: the upgrade is granted
};

const std::string line = "GET /chat HTTP/1.1\r\n";
const std::string good = line + std::string{handshake_fields} + "\r\n";

std::string plus(std::string_view fields) {
  return line + std::string{handshake_fields} + std::string{fields} + "\r\n";
}

std::string key(std::string_view value) {
  return with(good, "dGhlIHNhbXBsZSBub25jZQ==", value);
}

std::vector<raw_request> requests() {
  return {
      {"correct", good, 101},
      {"lower-case names, values in other case",
       line
           + "host: a.example\r\nupgrade: WebSocket\r\nconnection: keep-alive, UPGRADE\r\n"
             "sec-websocket-version:13\r\nsec-websocket-key:\tdGhlIHNhbXBsZSBub25jZQ== \r\n\r\n",
       101},
      {"Connection on two lines", plus("Connection: keep-alive\r\n"), 101},
      {"Content-Length 0", plus("Content-Length: 0\r\n"), 101},
      {"no key", with(good, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), 400},
      {"empty key", key(""), 400},
      {"key of 15 bytes", key("dGhlIHNhbXBsZSBub25j"), 400},
      {"key of 17 bytes", key("dGhlIHNhbXBsZSBub25jZQA="), 400},
      {"key of 18 bytes", key("dGhlIHNhbXBsZSBub25jZQAA"), 400},
      {"key that is no base64", key("dGhlIHNhbXBsZSBub25j!Q=="), 400},
      {"key with stray bits", key("dGhlIHNhbXBsZSBub25jZR=="), 400},
      {"key without padding", key("dGhlIHNhbXBsZSBub25jZQ"), 400},
      {"two keys", plus("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), 400},
      {"version 12", with(good, "Version: 13", "Version: 12"), 426},
      {"version 8", with(good, "Version: 13", "Version: 8"), 426},
      {"version with a sign", with(good, "Version: 13", "Version: +13"), 426},
      {"version list", with(good, "Version: 13", "Version: 13, 12"), 426},
      {"no version", with(good, "Sec-WebSocket-Version: 13\r\n", ""), 426},
      {"two versions", plus("Sec-WebSocket-Version: 12\r\n"), 400},
      {"no Upgrade", with(good, "Upgrade: websocket\r\n", ""), 426},
      {"Upgrade to h2c", with(good, "Upgrade: websocket", "Upgrade: h2c"), 426},
      {"Upgrade almost right", with(good, "Upgrade: websocket", "Upgrade: websockets"), 426},
      {"Upgrade twice", plus("Upgrade: websocket\r\n"), 400},
      {"no Connection", with(good, "Connection: Upgrade\r\n", ""), 400},
      {"Connection: close", with(good, "Connection: Upgrade", "Connection: close"), 400},
      {"HTTP/1.0", with(good, "HTTP/1.1", "HTTP/1.0"), 400},
      {"HTTP/2.0", with(good, "HTTP/1.1", "HTTP/2.0"), 505},
      {"HTTP/1.2", with(good, "HTTP/1.1", "HTTP/1.2"), 505},
      {"HTTP/11", with(good, "HTTP/1.1", "HTTP/11"), 400},
      {"http/1.1", with(good, "HTTP/1.1", "http/1.1"), 400},
      {"no version in the line", with(good, " HTTP/1.1", ""), 400},
      {"two blanks", with(good, "/chat ", "/chat  "), 400},
      {"blank at the end of the line", with(good, "HTTP/1.1", "HTTP/1.1 "), 400},
      {"POST", with(good, "GET", "POST"), 405},
      {"HEAD", with(good, "GET", "HEAD"), 405},
      {"get", with(good, "GET", "get"), 405},
      {"CONNECT", with(good, "GET /chat", "CONNECT a.example:80"), 405},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"absolute target", with(good, "/chat", "http://a.example/chat"), 400},
      {"asterisk", with(good, "/chat", "*"), 400},
      {"dot segments", with(good, "/chat", "/../chat"), 400},
      {"escaped dot segments", with(good, "/chat", "/a/%2e%2E/chat"), 400},
      {"escaped NUL", with(good, "/chat", "/chat%00"), 400},
      {"broken escape", with(good, "/chat", "/chat%2"), 400},
      {"broken escape in the query", with(good, "/chat", "/chat?a=%zz"), 400},
      {"fragment", with(good, "/chat", "/chat#x"), 400},
      {"bytes outside ASCII in the target", with(good, "/chat", "/ch\xc3\xa4t"), 400},
      {"no Host", with(good, "Host: a.example\r\n", ""), 400},
      {"empty Host", with(good, "Host: a.example", "Host:"), 400},
      {"two Hosts", plus("Host: a.example\r\n"), 400},
      {"Host with user", with(good, "Host: a.example", "Host: b@a.example"), 400},
      {"Host with path", with(good, "Host: a.example", "Host: a.example/x"), 400},
      {"Host with a bad port", with(good, "Host: a.example", "Host: a.example:65536"), 400},
      {"Host list", with(good, "Host: a.example", "Host: a.example, b.example"), 400},
      {"body by Content-Length", plus("Content-Length: 5\r\n") + "hello", 400},
      {"negative Content-Length", plus("Content-Length: -1\r\n"), 400},
      {"two Content-Lengths", plus("Content-Length: 0\r\nContent-Length: 5\r\n"), 400},
      {"the same Content-Length twice", plus("Content-Length: 0\r\nContent-Length: 0\r\n"), 400},
      {"chunked", plus("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
      {"chunked and Content-Length", plus("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"),
       400},
      {"unknown Transfer-Encoding", plus("Transfer-Encoding: x\r\n"), 400},
      {"blank before the colon", plus("Transfer-Encoding : chunked\r\n"), 400},
      {"blank before the first field", with(good, "Host:", " Host:"), 400},
      {"folded field", plus("X: a\r\n b\r\n"), 400},
      {"folded by a tab", plus("X: a\r\n\tb\r\n"), 400},
      {"field without colon", plus("X\r\n"), 400},
      {"field without name", plus(": x\r\n"), 400},
      {"blank in a name", plus("X Y: z\r\n"), 400},
      {"colon-like byte in a name", plus("X(Y): z\r\n"), 400},
      {"bare LF", plus("X: a\nY: b\r\n"), 400},
      {"bare CR", plus("X: a\rY: b\r\n"), 400},
      {"only LF", "GET /chat HTTP/1.1\nHost: a.example\n\n", 400},
      {"NUL in a value", plus(std::string_view{"X: a\0b\r\n", 8}), 400},
      {"escape character in a value", plus("X: a\x1b[2J\r\n"), 400},
      {"delete in a value", plus("X: a\x7f\r\n"), 400},
      {"offer that is no token", plus("Sec-WebSocket-Protocol: a b\r\n"), 400},
      {"strange origin", plus("Origin: http://evil.example\r\n"), 403},
      {"too many fields", plus([] {
         std::string fields;
         for (int i = 0; i < 60; ++i)
           fields += "A: b\r\n";
         return fields;
       }()),
       431},
      {"malformed after too many bytes", plus("X: " + std::string(9000, 'x') + "\r\n: bad\r\n"),
       431},
      {"TLS hello", std::string{"\x16\x03\x01\x02\x00\x01", 6}, 400},
      {"empty line first", "\r\n" + good, 400},
  };
}

int status_of(const test::head_outcome& outcome) {
  if (outcome.state != head_state::complete)
    return outcome.why.status;
  const auto refused = check_upgrade(*outcome.asked, {}).refused;
  return refused ? refused->status : 101;
}

} // namespace

TEST_CASE("http table: each raw request gets its status", "[net][http_head][upgrade]") {
  REQUIRE(requests().size() >= 40);
  for (const auto& each : requests()) {
    CAPTURE(each.what);
    const auto outcome = read_head(each.head);
    CHECK(status_of(outcome) == each.status);
    CHECK(outcome.state != head_state::need_more);
  }
}

TEST_CASE("http table: how the bytes are cut does not matter", "[net][http_head]") {
  for (const auto& each : requests()) {
    CAPTURE(each.what);
    const auto whole = read_head(each.head);
    for (std::size_t cut = 1; cut < each.head.size(); ++cut) {
      const auto halves = read_head(each.head, cut, each.head.size());
      REQUIRE(halves.state == whole.state);
      REQUIRE(halves.why == whole.why);
      REQUIRE(halves.consumed == whole.consumed);
    }
    const auto single = read_head(each.head, 1, 1);
    CHECK(single.state == whole.state);
    CHECK(single.why == whole.why);
  }
}

TEST_CASE("http table: every refusal says why in one line", "[net][http_head][upgrade]") {
  for (const auto& each : requests()) {
    CAPTURE(each.what);
    const auto outcome = read_head(each.head);
    auto why = outcome.why;
    if (outcome.state == head_state::complete) {
      const auto refused = check_upgrade(*outcome.asked, {}).refused;
      why = refused ? refusal{refused->status, refused->reason} : refusal{101, "-"};
    }
    CHECK_FALSE(why.reason.empty());
    CHECK(why.reason.find_first_of("\r\n") == std::string::npos);
    CHECK(reason_phrase(why.status) != "Unknown");
  }
}
