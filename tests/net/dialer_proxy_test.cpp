#include "net/proxy.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/dialling.hpp"
#include "tests/support/websocket_pair.hpp"

#include <map>
#include <stdexcept>

using namespace troupe;
using namespace std::chrono_literals;
using test::accept;
using test::code_of;
using test::field_of;
using test::scripted_peer;

namespace {

constexpr std::string_view tunnel = "HTTP/1.1 200 Connection established\r\n\r\n";

/// What `proxy_from_environment` chooses in an environment.
std::string choose(const std::string& url, const std::map<std::string, std::string>& environment) {
  return net::choose_proxy(url, [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string{} : found->second;
  });
}

} // namespace

TEST_CASE("dialer: a proxy is asked for a tunnel first (gorilla D2)", "[net][dialer]") {
  std::string request;
  std::string upgrade;
  scripted_peer proxy{[&](scripted_peer::stream& to) {
    request = to.read_head();
    to.write(tunnel);
    upgrade = to.read_head();
    to.write(accept(upgrade));
  }};
  const auto opened =
      dial("ws://a.example/x", {.proxy = fixed_proxy("http://user:p%40ss@proxy.example:3128"),
                                .connect = proxy.connect()});
  proxy.finish();
  REQUIRE(opened);
  CHECK(proxy.asked_for() == "proxy.example:3128");
  CHECK(request.starts_with("CONNECT a.example:80 HTTP/1.1\r\nHost: a.example:80\r\n"));
  CHECK(field_of(request, "Proxy-Authorization") == "Basic dXNlcjpwQHNz"); // user:p@ss
  CHECK(upgrade.starts_with("GET /x HTTP/1.1\r\nHost: a.example\r\n"));
  CHECK(field_of(upgrade, "Proxy-Authorization").empty());
}

TEST_CASE("dialer: the refusal of a proxy is handed over (gorilla D2)", "[net][dialer]") {
  scripted_peer proxy{[](scripted_peer::stream& to) {
    to.read_head();
    to.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 3\r\n\r\nwho");
  }};
  const auto opened =
      dial("ws://a.example", {.proxy = fixed_proxy("proxy.example"), .connect = proxy.connect()});
  REQUIRE(code_of(opened) == errc::refused);
  CHECK(proxy.asked_for() == "proxy.example:80");
  CHECK(opened.error().response->status == 407);
  CHECK(opened.error().response->body == "who");
}

TEST_CASE("dialer: a tunnel begins empty (gorilla D2)", "[net][dialer]") {
  scripted_peer proxy{[](scripted_peer::stream& to) {
    to.read_head();
    to.write(std::string{tunnel} + "junk");
  }};
  CHECK(code_of(dial("ws://a.example",
                     {.proxy = fixed_proxy("proxy.example"), .connect = proxy.connect()}))
        == errc::refused);
}

TEST_CASE("dialer: who chooses the proxy decides (gorilla D2)", "[net][dialer]") {
  std::string seen;
  scripted_peer server{[](scripted_peer::stream& to) { to.write(accept(to.read_head())); }};
  const auto direct = [&](std::string_view url) {
    seen = url;
    return std::string{};
  };
  CHECK(dial("ws://a.example/y", {.proxy = direct, .connect = server.connect()}));
  CHECK(seen == "ws://a.example/y");
  CHECK(server.asked_for() == "a.example:80");
  const auto failing = [](std::string_view) -> std::string { throw std::runtime_error{"none"}; };
  CHECK(dial("ws://a.example", {.proxy = failing}).error().text
        == "No proxy could be chosen: none");
  CHECK(code_of(dial("ws://a.example", {.proxy = fixed_proxy("socks5://a")})) == errc::refused);
}

TEST_CASE("dialer: proxies have addresses like these (gorilla D2)", "[net][dialer]") {
  const auto proxy = [](bool secure, std::string host, std::string port, std::string credentials) {
    return net::proxy_address{{secure, std::move(host), std::move(port), "/"},
                              std::move(credentials)};
  };
  CHECK(net::parse_proxy("p.example") == proxy(false, "p.example", "80", ""));
  CHECK(net::parse_proxy("p.example:3128") == proxy(false, "p.example", "3128", ""));
  CHECK(net::parse_proxy("HTTPS://p.example") == proxy(true, "p.example", "443", ""));
  CHECK(net::parse_proxy("http://u:p@p.example") == proxy(false, "p.example", "80", "u:p"));
  CHECK(net::parse_proxy("http://u@p.example") == proxy(false, "p.example", "80", ""));
  CHECK(net::parse_proxy("http://u:@p.example") == proxy(false, "p.example", "80", "u:"));
  CHECK_FALSE(net::parse_proxy("http://u:%zz@p.example"));
  CHECK_FALSE(net::parse_proxy("ftp://p.example"));
  CHECK_FALSE(net::parse_proxy(""));
}

TEST_CASE("dialer: the environment names the proxy (gorilla D2, D4)", "[net][dialer]") {
  const std::string plain = "ws://a.example";
  const std::string secure = "wss://a.example";
  CHECK(choose(plain, {}).empty());
  CHECK(choose(plain, {{"http_proxy", "p:1"}}) == "p:1");
  CHECK(choose(plain, {{"HTTP_PROXY", "p:1"}}) == "p:1");
  CHECK(choose(plain, {{"HTTP_PROXY", "p:1"}, {"REQUEST_METHOD", "GET"}}).empty());
  CHECK(choose(plain, {{"http_proxy", "p:1"}, {"REQUEST_METHOD", "GET"}}) == "p:1");
  CHECK(choose(plain, {{"https_proxy", "p:1"}}).empty());
  CHECK(choose(secure, {{"http_proxy", "p:1"}}).empty());
  CHECK(choose(secure, {{"https_proxy", "p:1"}, {"HTTPS_PROXY", "q:1"}}) == "p:1");
  CHECK(choose(secure, {{"HTTPS_PROXY", "q:1"}}) == "q:1");
  for (const auto* own : {"ws://localhost", "ws://LOCALHOST:80", "ws://127.0.0.2", "ws://[::1]:1"})
    CHECK(choose(own, {{"http_proxy", "p:1"}}).empty());
}

TEST_CASE("dialer: the environment names exceptions (gorilla D2)", "[net][dialer]") {
  const auto [exceptions, url, is_direct] = GENERATE(table<std::string, std::string, bool>({
      {"*", "ws://a.example", true},
      {"a.example", "ws://a.example", true},
      {"b.example, A.Example", "ws://a.example:99", true},
      {"example", "ws://a.example", true},
      {".example", "ws://a.example", true},
      {".a.example", "ws://a.example", false},
      {"a.example:80", "ws://a.example", true},
      {"a.example:80", "ws://a.example:81", false},
      {"xample", "ws://a.example", false},
      {"192.0.2.1", "ws://192.0.2.1", true},
      {"2001:db8::1", "ws://[2001:db8::1]", true},
      {"[2001:db8::1]:80", "ws://[2001:db8::1]", true},
      {"[2001:db8::1]:80", "ws://[2001:db8::1]:81", false},
      {"", "ws://a.example", false},
  }));
  CAPTURE(exceptions, url);
  CHECK(choose(url, {{"http_proxy", "p:1"}, {"no_proxy", exceptions}}).empty() == is_direct);
  CHECK(choose(url, {{"http_proxy", "p:1"}, {"NO_PROXY", exceptions}}).empty() == is_direct);
}
