#include "troupe/origin.hpp"

#include "troupe/request.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"

#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;

namespace {

request from_page(std::string_view host, std::string_view origin, bool secure = false) {
  std::string fields;
  fields.append("Host: ").append(host).append("\r\nOrigin: ").append(origin).append("\r\n");
  return test::make_request("/chat", fields, {.address = "127.0.0.1", .secure = secure});
}

request without_origin() {
  return test::make_request("/chat", "Host: a.example\r\n");
}

request with_two_origins(std::string_view first, std::string_view second) {
  std::string fields = "Host: a.example\r\n";
  fields.append("Origin: ").append(first).append("\r\norigin: ").append(second).append("\r\n");
  return test::make_request("/chat", fields);
}

struct same_host_case {
  const char* host;
  const char* origin;
  bool secure; // the connection is encrypted by this server
  bool allowed;
};

const std::vector<same_host_case> same_host_cases{
    {"a.example", "http://a.example", false, true},
    {"a.example", "https://a.example", true, true},
    {"a.example", "https://a.example", false, true}, // a proxy speaks TLS in front of us
    {"a.example", "http://a.example", true, false},  // the page came unencrypted
    {"a.example:8080", "http://a.example:8080", false, true},
    {"a.example:8443", "https://a.example:8443", true, true},
    {"A.Example", "HTTP://a.eXAMPLE", false, true},
    {"a.example", "http://a.example:80", false, true},
    {"a.example:80", "http://a.example", false, true},
    {"a.example", "https://a.example:443", true, true},
    {"a.example:443", "https://a.example", true, true},
    {"127.0.0.1:8080", "http://127.0.0.1:8080", false, true},
    {"[::1]:8080", "http://[::1]:8080", false, true},
    {"[2001:DB8::1]", "http://[2001:db8::1]", false, true},
    {"localhost:8080", "http://localhost:8080", false, true},
    {"a.example.", "http://a.example.", false, true},
    {"a.example", "http://a.example.", false, false}, // another name to a browser
    {"a.example", "https://evil.example", false, false},
    {"a.example", "http://a.example.evil.example", false, false},
    {"a.example", "http://evil-a.example", false, false},
    {"a.example", "http://evil.example/a.example", false, false},
    {"a.example", "http://a.example@evil.example", false, false},
    {"a.example", "http://evil.example@a.example", false, false},
    {"a.example", "http://evil.example#a.example", false, false},
    {"a.example", "http://evil.example?a.example", false, false},
    {"a.example", "http://a.example\\@evil.example", false, false},
    {"a.example", "http://a.example:8080", false, false},
    {"a.example:8080", "http://a.example", false, false},
    {"a.example:8080", "http://a.example:8081", false, false},
    {"a.example:443", "http://a.example", false, false},
    {"a.example", "https://a.example:80", false, false},
    {"a.example", "http://a.example:", false, false},
    {"a.example", "http://a.example:080", false, false},
    {"a.example", "http://a.example:65616", false, false}, // 80 modulo 2^16
    {"a.example", "http://a.example/", false, false},
    {"a.example", "ftp://a.example", false, false},
    {"a.example", "file://", false, false},
    {"a.example", "chrome-extension://a.example", false, false},
    {"a.example", "a.example", false, false},
    {"a.example", "//a.example", false, false},
    {"a.example", "://a.example", false, false},
    {"a.example", "http:a.example", false, false},
    {"a.example", "null", false, false},
    {"null", "null", false, false},
    {"a.example", "", false, false},
    {"a.example", "*", false, false},
    {"a.example", "http://a.example http://evil.example", false, false},
    {"[::1]", "http://[::2]", false, false},
    {"[::1]", "http://::1", false, false},
    {"127.0.0.1", "http://localhost", false, false},
};

} // namespace

TEST_CASE("origin_policy: same host follows the table", "[net][origin]") {
  for (const auto& each : same_host_cases) {
    CAPTURE(each.host, each.origin, each.secure);
    const auto asked = from_page(each.host, each.origin, each.secure);
    CHECK(origin_policy::same_host().allows(asked) == each.allowed);
    CHECK(origin_policy{}.allows(asked) == each.allowed);
  }
}

TEST_CASE("origin_policy: a request without an origin is no page's", "[net][origin]") {
  CHECK(origin_policy::same_host().allows(without_origin()));
  CHECK(origin_policy::any().allows(without_origin()));
  CHECK(origin_policy::list({"https://b.example"}).allows(without_origin()));
}

TEST_CASE("origin_policy: two origins are none", "[net][origin]") {
  const auto good = "http://a.example";
  for (const auto& asked :
       {with_two_origins(good, "http://evil.example"),
        with_two_origins("http://evil.example", good), with_two_origins(good, good)}) {
    CHECK_FALSE(origin_policy::same_host().allows(asked));
    CHECK_FALSE(origin_policy::list({good}).allows(asked));
  }
}

TEST_CASE("origin_policy: a list names scheme, host and port", "[net][origin]") {
  const auto policy = origin_policy::list({"https://Play.example", "http://b.example:3000"});
  CHECK(policy.allows(from_page("a.example", "https://play.example")));
  CHECK(policy.allows(from_page("a.example", "https://PLAY.example:443")));
  CHECK(policy.allows(from_page("a.example", "http://b.example:3000")));
  CHECK_FALSE(policy.allows(from_page("a.example", "http://play.example")));
  CHECK_FALSE(policy.allows(from_page("a.example", "https://play.example:444")));
  CHECK_FALSE(policy.allows(from_page("a.example", "https://play.example.evil.example")));
  CHECK_FALSE(policy.allows(from_page("a.example", "https://x.play.example")));
  CHECK_FALSE(policy.allows(from_page("a.example", "http://b.example")));
  CHECK_FALSE(policy.allows(from_page("a.example", "http://a.example"))); // not even our own
  CHECK_FALSE(policy.allows(from_page("a.example", "null")));
}

TEST_CASE("origin_policy: a list may hold null, other schemes and all", "[net][origin]") {
  const auto policy = origin_policy::list({"null", "capacitor://localhost"});
  CHECK(policy.allows(from_page("a.example", "null")));
  CHECK(policy.allows(from_page("a.example", "capacitor://localhost")));
  CHECK_FALSE(policy.allows(from_page("a.example", "http://localhost")));
  CHECK_FALSE(policy.allows(from_page("a.example", "")));
  CHECK(origin_policy::list({"https://x.example", "*"}).allows(from_page("a.example", "null")));
  CHECK_FALSE(origin_policy::list({}).allows(from_page("a.example", "http://a.example")));
}

TEST_CASE("origin_policy: a list refuses entries that are no origins", "[net][origin]") {
  const std::string entry = GENERATE("", "a.example", "https://a.example/", "https://*.a.example",
                                     "https://u@a.example", "https://a.example:0", "https://");
  CAPTURE(entry);
  CHECK_THROWS_AS(origin_policy::list({"https://fine.example", entry}), std::invalid_argument);
}

TEST_CASE("origin_policy: any allows every page", "[net][origin]") {
  CHECK(origin_policy::any().allows(from_page("a.example", "https://evil.example")));
  CHECK(origin_policy::any().allows(from_page("a.example", "null")));
}

TEST_CASE("origin_policy: the application sees the whole request", "[net][origin]") {
  const auto policy =
      origin_policy::custom([](const request& asked) { return asked.path() == "/chat"; });
  CHECK(policy.allows(from_page("a.example", "https://evil.example")));
  CHECK(policy.allows(without_origin()));
  CHECK_FALSE(policy.allows(test::make_request("/other")));
}
