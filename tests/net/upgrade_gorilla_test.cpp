#include "net/upgrade.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace troupe;
using namespace troupe::net;
using troupe::test::handshake_fields;
using troupe::test::make_request;
using troupe::test::with;

namespace {

int status_of(const request& asked) {
  const auto result = check_upgrade(asked, {.origins = origin_policy::same_authority()});
  return result.refused ? result.refused->status : 101;
}

/// The status of a handshake with one part replaced.
int status_with(std::string_view from, std::string_view to) {
  return status_of(make_request("/", with(handshake_fields, from, to)));
}

} // namespace

TEST_CASE("gorilla U6: whose order of subprotocols counts is an option", "[net][upgrade]") {
  const auto chosen = [](std::string_view offers, subprotocol_preference preference) {
    const auto fields =
        std::string{handshake_fields}.append("Sec-WebSocket-Protocol: ").append(offers) + "\r\n";
    const subprotocol_choice known{{"p", "q", "r"}, preference};
    const auto result = check_upgrade(make_request("/", fields), {.subprotocols = known});
    CHECK_FALSE(result.refused);
    return result.subprotocol;
  };
  using enum subprotocol_preference;
  CHECK(chosen("r, q", client) == "r");
  CHECK(chosen("r, q", server) == "q");
  CHECK(chosen(" x ,\t q,p ", client) == "q");
  CHECK(chosen(" x ,\t q,p ", server) == "p");
  CHECK(chosen("P, Q", client).empty()); // compared exactly
  CHECK(chosen("x", client).empty());    // the upgrade succeeds all the same
}

TEST_CASE("gorilla U8: fields that are added cannot smuggle in others", "[net][upgrade]") {
  CHECK(is_allowed_header({"Set-Cookie", "session=1; Path=/"}));
  CHECK_FALSE(is_allowed_header({"Set-Cookie", "a\r\nX-Evil: 1"}));
  CHECK_FALSE(is_allowed_header({"Set-Cookie", "a\nb"}));
  CHECK_FALSE(is_allowed_header({"Set Cookie", "a"}));
  CHECK_FALSE(is_allowed_header({"Sec-WebSocket-Extensions", "permessage-deflate"}));
}

TEST_CASE("gorilla U9: each fault has its status", "[net][upgrade]") {
  CHECK(status_with("a.example", "a.example") == 101);
  CHECK(status_with("Connection: Upgrade", "Connection: keep-alive") == 400);
  CHECK(status_with("Upgrade: websocket", "X-Upgrade: websocket") == 426);
  CHECK(status_with("Version: 13", "Version: 12") == 426); // theirs: 400
  CHECK(status_with("Sec-WebSocket-Key", "X-Key") == 400);
  CHECK(status_of(make_request("/", std::string{handshake_fields} + "Origin: http://b.example\r\n"))
        == 403);
  const auto post = "POST / HTTP/1.1\r\n" + std::string{handshake_fields} + "\r\n";
  CHECK(status_of(*request::from_head(post, {})) == 405);
  const auto old = "GET / HTTP/1.0\r\n" + std::string{handshake_fields} + "\r\n";
  CHECK(status_of(*request::from_head(old, {})) == 400); // theirs: 101
}

TEST_CASE("gorilla U10: the key is base64 of 16 octets", "[net][upgrade]") {
  const auto key = [](std::string_view value) {
    return status_with("dGhlIHNhbXBsZSBub25jZQ==", value);
  };
  CHECK(key("AAAAAAAAAAAAAAAAAAAAAA==") == 101);
  for (const std::string_view wrong :
       {"", "A", "AAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZ!==", "dGhlIHNhbXBsZSBub25jZR=="}) {
    CAPTURE(wrong);
    CHECK(key(wrong) == 400);
  }
}

TEST_CASE("gorilla U12: tokens count wherever they stand, near misses do not", "[net][upgrade]") {
  const auto connection = [](std::string_view value) {
    return status_with("Connection: Upgrade", std::string{"Connection: "}.append(value));
  };
  for (const std::string_view good :
       {"upgrade", "UPGRADE", "keep-alive, Upgrade", "Upgrade,keep-alive", ",, upgrade ,"})
    CHECK(connection(good) == 101);
  for (const std::string_view bad : {"upgrades", "up grade", "keep-alive; upgrade", "\"upgrade\""})
    CHECK(connection(bad) == 400);
  CHECK(is_websocket_upgrade(make_request("/", "Upgrade: h2c, WebSocket\r\n")));
  CHECK_FALSE(is_websocket_upgrade(make_request("/", "Upgrade: websockets\r\n")));
  const auto asked =
      make_request("/", "Sec-WebSocket-Protocol: a, b\r\nSec-WebSocket-Protocol:\tc ,,d\r\n");
  CHECK(asked.subprotocols() == std::vector<std::string_view>{"a", "b", "c", "d"});
}
