#include "net/url_headers.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"

#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::net;

namespace {

/// The fields that `query` brings to a request that has the field X-Own.
std::vector<std::string> brought(const std::string& query, const url_headers& allowed = {}) {
  const auto asked = test::make_request("/chat?" + query, "X-Own: sent\r\n");
  const auto complete = add_url_headers(asked, allowed);
  std::vector<std::string> fields;
  if (complete)
    for (const auto [name, value] : complete->headers())
      fields.push_back(std::string{name}.append("=").append(value));
  return fields;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("url headers: H04 parameters become fields, whatever their case", "[net][url_headers]") {
  CHECK(brought("X-Websocket-Header-X-User=ann") == texts{"X-Own=sent", "X-User=ann"});
  CHECK(brought("x-websocket-header-x-user=ann") == texts{"X-Own=sent", "x-user=ann"});
  CHECK(brought("a=1&X-WEBSOCKET-HEADER-X-User=ann&b=2") == texts{"X-Own=sent", "X-User=ann"});
  CHECK(brought("X-Websocket-Header=ann").empty());
  CHECK(brought("X-Websocket-Header-=ann").empty());
  CHECK(brought("Header-X-User=ann").empty());
  CHECK(brought("").empty());
}

TEST_CASE("url headers: H04 fields are added, never replaced", "[net][url_headers]") {
  CHECK(brought("X-Websocket-Header-X-Own=other") == texts{"X-Own=sent", "X-Own=other"});
  CHECK(brought("X-Websocket-Header-A=1&X-Websocket-Header-A=2")
        == texts{"X-Own=sent", "A=1", "A=2"});
  const auto asked = test::make_request("/?X-Websocket-Header-X-Own=other", "X-Own: sent\r\n");
  CHECK(add_url_headers(asked, {})->header("x-own") == "sent");
}

TEST_CASE("url headers: H04 names and values are decoded", "[net][url_headers]") {
  CHECK(brought("X%2DWebsocket-Header-A=b%20c%C3%A4+d") == texts{"X-Own=sent", "A=b c\xc3\xa4 d"});
  CHECK(brought("X-Websocket-Header-A") == texts{"X-Own=sent", "A="});
  CHECK(brought("X-Websocket-Header-A=b=c") == texts{"X-Own=sent", "A=b=c"});
}

TEST_CASE("url headers: H05 no parameter can make a second field", "[net][url_headers]") {
  CHECK(brought("X-Websocket-Header-A=b%0D%0AX-Evil:%201").empty());
  CHECK(brought("X-Websocket-Header-A=b%0AX").empty());
  CHECK(brought("X-Websocket-Header-A=b%00").empty());
  CHECK(brought("X-Websocket-Header-A:%20b=c").empty());
  CHECK(brought("X-Websocket-Header-A%0D%0AB=c").empty());
}

TEST_CASE("url headers: H05 what names the client comes from a URL only on request",
          "[net][url_headers]") {
  for (const std::string name :
       {"Cookie", "AUTHORIZATION", "x-forwarded-for", "X-Forwarded-Proto", "Forwarded", "Origin",
        "Referer", "X-Real-Ip", "CF-Connecting-IP", "Via"}) {
    CAPTURE(name);
    CHECK(brought("X-Websocket-Header-" + name + "=x").empty());
    CHECK(brought("X-Websocket-Header-" + name + "=x", {name}) == texts{"X-Own=sent", name + "=x"});
  }
  CHECK(url_headers::harmless().allows("Authorization-Token"));
}

TEST_CASE("url headers: H05 what frames the request never comes from a URL", "[net][url_headers]") {
  for (const std::string name :
       {"Host", "connection", "Upgrade", "Content-Length", "Transfer-Encoding", "TE", "Keep-Alive",
        "Sec-WebSocket-Key", "Sec-Fetch-Site", "Proxy-Authorization", "X-HTTP-Method-Override"}) {
    CAPTURE(name);
    CHECK(brought("X-Websocket-Header-" + name + "=x").empty());
    CHECK_THROWS_AS(url_headers::only({name}), std::invalid_argument);
  }
  CHECK_THROWS_AS(url_headers::only({"A B"}), std::invalid_argument);
}

TEST_CASE("url headers: H05 an endpoint may list what it takes", "[net][url_headers]") {
  const std::string query =
      "X-Websocket-Header-A=1&X-Websocket-Header-B=2&X-Websocket-Header-X-Websocket-Reconnect=3";
  CHECK(brought(query, {"b"}) == texts{"X-Own=sent", "B=2", "X-Websocket-Reconnect=3"});
  CHECK(brought(query, url_headers::none()).empty());
  CHECK(brought(query).size() == 4);
}

TEST_CASE("url headers: H05 their number is bounded", "[net][url_headers]") {
  std::string query;
  for (int i = 0; i < 100; ++i)
    query += "X-Websocket-Header-A=1&";
  CHECK(brought(query).size() == 1 + url_headers::max_fields);
}

TEST_CASE("url headers: H06 a client says how often it tried to come back", "[net][url_headers]") {
  const auto tries = [](const std::string& text) {
    return test::make_request("/", "X-Websocket-Reconnect: " + text + "\r\n").reconnect_tries();
  };
  CHECK(tries("1") == 1);
  CHECK(tries(" 12 ") == 12);
  for (const auto* junk : {"", "0", "-1", "1x", "x", "1.5", "99999999999", "0x10"}) {
    CAPTURE(junk);
    CHECK(tries(junk) == 0);
  }
  CHECK_FALSE(test::make_request("/").was_reconnected());
  const auto asked = test::make_request("/?x-websocket-header-x-websocket-reconnect=2");
  CHECK(add_url_headers(asked, {})->was_reconnected());
}

TEST_CASE("url headers: H15 everything else of the request stays", "[net][url_headers]") {
  const auto asked = test::make_request("/a%20b?X-Websocket-Header-A=1&q=2", "Host: h\r\n",
                                        {.address = "192.0.2.1", .port = 7, .secure = true});
  const auto complete = add_url_headers(asked, {});
  REQUIRE(complete);
  CHECK(complete->target() == asked.target());
  CHECK(complete->path() == "/a b");
  CHECK(complete->host() == "h");
  CHECK(complete->query("q") == "2");
  CHECK(complete->remote_address() == "192.0.2.1");
  CHECK(complete->remote_port() == 7);
  CHECK(complete->is_secure());
}
