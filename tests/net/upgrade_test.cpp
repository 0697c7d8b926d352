#include "net/upgrade.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::net;
using troupe::test::handshake_fields;
using troupe::test::with;

namespace {

request asking_with(std::string_view fields) {
  return test::make_request("/chat", std::string{handshake_fields}.append(fields));
}

request offering(std::string_view offers) {
  return asking_with(std::string{"Sec-WebSocket-Protocol: "}.append(offers) + "\r\n");
}

std::string chosen(std::string_view offers, const std::vector<std::string>& supported) {
  const auto result = check_upgrade(offering(offers), {.subprotocols = supported});
  CHECK_FALSE(result.refused);
  return result.subprotocol;
}

bool has_line(std::string_view head, std::string_view line) {
  return head.find("\r\n" + std::string{line} + "\r\n") != std::string_view::npos;
}

} // namespace

TEST_CASE("upgrade: the key of RFC 6455 gets its answer", "[net][upgrade]") {
  CHECK(accept_key("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  const auto result = check_upgrade(asking_with(""), {});
  CHECK_FALSE(result.refused);
  CHECK(result.accept_key == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK(result.subprotocol.empty());
  CHECK(result.extensions.empty());
}

TEST_CASE("upgrade: a key is base64 of 16 bytes, unused bits zero", "[net][upgrade]") {
  const auto allowed = [](std::string_view key) {
    const auto fields = with(handshake_fields, "dGhlIHNhbXBsZSBub25jZQ==", key);
    return !check_upgrade(test::make_request("/", fields), {}).refused;
  };
  for (const char last : std::string{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/09"}) {
    CAPTURE(last);
    const bool canonical = std::string{"AQgw"}.find(last) != std::string::npos;
    CHECK(allowed("+/AAAAAAAAAAAAAAAAAAA" + std::string(1, last) + "==") == canonical);
  }
  CHECK_FALSE(allowed("-_AAAAAAAAAAAAAAAAAAAA=="));
  CHECK_FALSE(allowed("AAAAAAAAAAAAAAAAAAAAA==="));
}

TEST_CASE("upgrade: the server's favourite among the offers is chosen", "[net][upgrade]") {
  CHECK(chosen("a, b", {"b", "a"}) == "b");
  CHECK(chosen("b,a", {"b", "a"}) == "b");
  CHECK(chosen("a", {"b", "a"}) == "a");
  CHECK(chosen(" ,a,, ", {"a"}) == "a");
  CHECK(chosen("A", {"a"}).empty());
  CHECK(chosen("ab", {"a"}).empty());
  CHECK(chosen("a", {}).empty());
}

TEST_CASE("upgrade: an endpoint may insist on its subprotocols", "[net][upgrade]") {
  const upgrade_options options{.subprotocols = {"troupe.v1"},
                                .unmatched = unmatched_subprotocol::refuse};
  const auto unknown = check_upgrade(offering("other"), options);
  REQUIRE(unknown.refused);
  CHECK(unknown.refused->status == 400);
  CHECK_FALSE(check_upgrade(offering("other, troupe.v1"), options).refused);
  CHECK_FALSE(check_upgrade(asking_with(""), options).refused);
}

TEST_CASE("upgrade: a refused origin is named, made printable", "[net][upgrade]") {
  const auto evil = check_upgrade(asking_with("Origin: https://evil.example\r\n"), {});
  REQUIRE(evil.refused);
  CHECK(evil.refused->status == 403);
  CHECK(evil.refused->reason.find("https://evil.example") != std::string::npos);
  const auto odd =
      check_upgrade(asking_with("Origin: \xe2\x80\xae" + std::string(500, 'x') + "\r\n"), {});
  REQUIRE(odd.refused);
  CHECK(odd.refused->reason.find("'???x") != std::string::npos);
  CHECK(odd.refused->reason.size() < 200);
}

TEST_CASE("upgrade: an origin check that throws refuses", "[net][upgrade]") {
  const upgrade_options options{.origins = origin_policy::custom(
                                    [](const request&) -> bool { throw std::logic_error{"bug"}; })};
  const auto result = check_upgrade(asking_with(""), options);
  REQUIRE(result.refused);
  CHECK(result.refused->status == 500);
}

TEST_CASE("upgrade: compression is agreed only where it is switched on", "[net][upgrade]") {
  const auto asked = asking_with("Sec-WebSocket-Extensions: x-unknown\r\n"
                                 "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  CHECK(check_upgrade(asked, {}).extensions.empty());
  CHECK(check_upgrade(asked, {.deflate = true}).extensions.starts_with("permessage-deflate"));
  CHECK(check_upgrade(asking_with(""), {.deflate = true}).extensions.empty());
  CHECK(check_upgrade(asking_with("Sec-WebSocket-Extensions: permessage-deflate; x=1\r\n"),
                      {.deflate = true})
            .extensions.empty());
}

TEST_CASE("upgrade: the 101 says what was agreed", "[net][upgrade]") {
  const upgrade_result agreed{.refused = {},
                              .accept_key = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                              .subprotocol = "troupe.v1",
                              .extensions = "permessage-deflate"};
  const std::array extra{extra_header{"Set-Cookie", "a=b; HttpOnly"}, extra_header{"X-Y", ""}};
  const auto head = switching_protocols(agreed, extra, wall_time{});
  REQUIRE(head);
  CHECK(head->starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
  CHECK(head->ends_with("\r\n\r\n"));
  CHECK(head->find("\r\n\r\n") == head->size() - 4);
  CHECK(has_line(*head, "Upgrade: websocket"));
  CHECK(has_line(*head, "Connection: Upgrade"));
  CHECK(has_line(*head, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
  CHECK(has_line(*head, "Sec-WebSocket-Protocol: troupe.v1"));
  CHECK(has_line(*head, "Sec-WebSocket-Extensions: permessage-deflate"));
  CHECK(has_line(*head, "Set-Cookie: a=b; HttpOnly"));
  CHECK(has_line(*head, "X-Y: "));
}

TEST_CASE("upgrade: the 101 leaves out what was not agreed", "[net][upgrade]") {
  const auto head = switching_protocols(check_upgrade(offering("a"), {}), {}, wall_time{});
  REQUIRE(head);
  CHECK(head->find("Sec-WebSocket-Protocol") == std::string::npos);
  CHECK(head->find("Sec-WebSocket-Extensions") == std::string::npos);
}

TEST_CASE("upgrade: no header of the application can break the 101", "[net][upgrade]") {
  const std::vector<extra_header> bad{{"X", "a\r\nSet-Cookie: b"},
                                      {"X", "a\nb"},
                                      {"X", "a\rb"},
                                      {"X", std::string{"a\0b", 3}},
                                      {"X\r\nY", "a"},
                                      {"X: Y", "a"},
                                      {"", "a"},
                                      {"X Y", "a"},
                                      {"Connection", "close"},
                                      {"upgrade", ""},
                                      {"Content-Length", "5"},
                                      {"Transfer-Encoding", "chunked"},
                                      {"sec-websocket-accept", "x"},
                                      {"Sec-WebSocket-Extensions", "permessage-deflate"}};
  for (const auto& field : bad) {
    CAPTURE(field.first, field.second);
    CHECK_FALSE(is_allowed_header(field));
    CHECK_FALSE(switching_protocols({}, std::span{&field, 1}, wall_time{}));
  }
  CHECK(is_allowed_header({"X-Served-By", "one\ttwo \xc3\xa4"}));
}

TEST_CASE("upgrade: a request for a file is told from one for a WebSocket", "[net][upgrade]") {
  CHECK(is_websocket_upgrade(asking_with("")));
  CHECK(is_websocket_upgrade(test::make_request("/", "Upgrade: h2c, WebSocket\r\n")));
  CHECK_FALSE(is_websocket_upgrade(test::make_request("/", "Upgrade: h2c\r\n")));
  CHECK_FALSE(is_websocket_upgrade(test::make_request("/")));
}
