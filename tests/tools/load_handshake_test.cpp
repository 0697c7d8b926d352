#include "tools/load_handshake.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::load;

namespace {

constexpr std::string_view accepted = "HTTP/1.1 101 Switching Protocols\r\n"
                                      "upgrade: websocket\r\nsec-websocket-accept:  abc= \r\n"
                                      "Sec-WebSocket-Protocol: troupe.v1\r\n\r\n";

} // namespace

TEST_CASE("handshake: the request has what RFC 6455 asks for", "[tools][load]") {
  const auto text = to_text({.host = "localhost:9000",
                             .path = "/rooms/7",
                             .key = "a2V5",
                             .subprotocol = "troupe.v1",
                             .headers = {{"Cookie", "x=1"}}});
  CHECK(text.starts_with("GET /rooms/7 HTTP/1.1\r\nHost: localhost:9000\r\n"));
  CHECK(text.find("Sec-WebSocket-Key: a2V5\r\n") != std::string::npos);
  CHECK(text.find("Sec-WebSocket-Protocol: troupe.v1\r\n") != std::string::npos);
  CHECK(text.find("Cookie: x=1\r\n") != std::string::npos);
  CHECK(text.ends_with("\r\n\r\n"));
}

TEST_CASE("handshake: an answer may be cut anywhere", "[tools][load]") {
  for (std::size_t size = 0; size < accepted.size(); ++size)
    CHECK_FALSE(read_response(accepted.substr(0, size), "abc=", "troupe.v1").has_value());
  const auto response = read_response(std::string{accepted} + "frames", "abc=", "troupe.v1");
  REQUIRE(response.has_value());
  CHECK(response->problem.empty());
  CHECK(response->head_bytes == accepted.size());
}

TEST_CASE("handshake: a refusal is told by its status line", "[tools][load]") {
  const auto response =
      read_response("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\r\nfull", "abc=", "");
  REQUIRE(response.has_value());
  CHECK(response->problem == "HTTP/1.1 503 Service Unavailable");
}

TEST_CASE("handshake: a wrong accept value or subprotocol is a problem", "[tools][load]") {
  CHECK_FALSE(read_response(accepted, "abd=", "troupe.v1")->problem.empty());
  CHECK_FALSE(read_response(accepted, "abc=", "")->problem.empty());
  CHECK_FALSE(read_response(accepted, "abc=", "other")->problem.empty());
}

TEST_CASE("handshake: control characters of a status line are not repeated", "[tools][load]") {
  CHECK(read_response("HTTP/1.1 400 \x1b[31mRed\r\n\r\n", "", "")->problem
        == "HTTP/1.1 400 ?[31mRed");
}

TEST_CASE("handshake: an endless head is given up", "[tools][load]") {
  CHECK_FALSE(read_response(std::string(max_response_bytes - 1, 'x'), "", "").has_value());
  const auto response = read_response(std::string(max_response_bytes, 'x'), "", "");
  REQUIRE(response.has_value());
  CHECK_FALSE(response->problem.empty());
}
