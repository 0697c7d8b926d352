#include "net/cookie.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/dialling.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using std::chrono::system_clock;

namespace {

const system_clock::time_point noon = std::chrono::sys_days{std::chrono::year{2026} / 5 / 20} + 12h;

/// A jar at noon into which `from` has set `line`.
std::string stored(const std::string& line, std::string_view from, std::string_view to) {
  memory_cookie_jar jar{[] { return noon; }};
  jar.store(from, {line});
  return jar.cookies_for(to);
}

} // namespace

TEST_CASE("cookie_jar: cookies go both ways in handshakes (gorilla D8)", "[net][cookie_jar]") {
  const auto jar = std::make_shared<memory_cookie_jar>();
  const auto answer = [](const std::string& head) {
    return test::upgrade_answer(head, "Set-Cookie: a=1\r\nset-cookie: b=2; Path=/chat\r\n");
  };
  const auto first = test::dial_to(answer, {.cookies = jar});
  CHECK(first.opened);
  CHECK(test::field_of(first.head, "Cookie").empty());
  const auto second = test::dial_to(answer, {.fields = {{"Cookie", "own=3"}}, .cookies = jar});
  CHECK(test::field_of(second.head, "Cookie") == "b=2; a=1; own=3"); // longer paths first
}

TEST_CASE("cookie_jar: a refusal can set cookies too (gorilla D8)", "[net][cookie_jar]") {
  const auto jar = std::make_shared<memory_cookie_jar>();
  const auto refuse = [](const std::string&) {
    return "HTTP/1.1 401 No\r\nSet-Cookie: seen=1\r\nContent-Length: 0\r\n\r\n";
  };
  CHECK_FALSE(test::dial_to(refuse, {.cookies = jar}).opened);
  CHECK(jar->cookies_for("ws://a.example/chat") == "seen=1");
}

TEST_CASE("cookie_jar: a cookie goes where RFC 6265 says (gorilla D8)", "[net][cookie_jar]") {
  struct row {
    const char* line;
    const char* from;
    const char* to;
    bool is_sent;
  };
  const row rows[]{
      {"k=v", "ws://a.example", "ws://a.example:99/x", true},
      {"k=v", "ws://a.example", "ws://A.EXAMPLE", true},
      {"k=v", "ws://a.example", "ws://b.a.example", false},
      {"k=v", "ws://a.example", "ws://b.example", false},
      {"k=v; Domain=a.example", "ws://a.example", "ws://b.a.example", true},
      {"k=v; domain=.A.example", "ws://b.a.example", "ws://a.example", true},
      {"k=v; Domain=a.example", "ws://a.example", "ws://xa.example", false},
      {"k=v; Domain=b.a.example", "ws://a.example", "ws://b.a.example", false},
      {"k=v; Domain=example", "ws://a.example", "ws://a.example", false},
      {"k=v; Domain=0.2.1", "ws://192.0.2.1", "ws://192.0.2.1", false},
      {"k=v", "ws://a.example/x/y", "ws://a.example/x", true},
      {"k=v", "ws://a.example/x/y", "ws://a.example/x/z?q", true},
      {"k=v", "ws://a.example/x/y", "ws://a.example/xy", false},
      {"k=v", "ws://a.example/x/y", "ws://a.example/", false},
      {"k=v; Path=/", "ws://a.example/x/y", "ws://a.example/", true},
      {"k=v; Path=x", "ws://a.example/x/y", "ws://a.example/", false},
      {"k=v; Secure", "wss://a.example", "wss://a.example", true},
      {"k=v; Secure", "wss://a.example", "ws://a.example", false},
      {"k=v; Secure", "ws://a.example", "wss://a.example", false},
      {"k=v; HttpOnly; SameSite=Lax; Unknown", "ws://a.example", "ws://a.example", true},
  };
  for (const auto& [line, from, to, is_sent] : rows) {
    CAPTURE(line, from, to);
    CHECK(stored(line, from, to) == (is_sent ? "k=v" : ""));
  }
}

TEST_CASE("cookie_jar: cookies end (gorilla D8)", "[net][cookie_jar]") {
  const auto [attributes, is_kept] = GENERATE(table<std::string, bool>({
      {"Max-Age=1", true},
      {"Max-Age=0", false},
      {"Max-Age=-5", false},
      {"Max-Age=99999999999999999999", true},
      {"Max-Age=soon", true},
      {"Expires=Wed, 20 May 2026 12:00:01 GMT", true},
      {"Expires=Wed, 20 May 2026 12:00:00 GMT", false},
      {"Expires=Wednesday, 20-May-26 11:00:00 GMT", false},
      {"Expires=never", true},
      {"Expires=Wed, 20 May 2015 12:00:00 GMT; Max-Age=5", true},
      {"Max-Age=0; Expires=Wed, 20 May 2099 12:00:00 GMT", false},
  }));
  CAPTURE(attributes);
  CHECK(stored("k=v; " + attributes, "ws://a.example", "ws://a.example").empty() != is_kept);
}

TEST_CASE("cookie_jar: time passes in the jar (gorilla D8)", "[net][cookie_jar]") {
  auto now = noon;
  memory_cookie_jar jar{[&] { return now; }};
  jar.store("ws://a.example", {"k=v; Max-Age=10"});
  now += 9s;
  CHECK(jar.cookies_for("ws://a.example") == "k=v");
  now += 1s;
  CHECK(jar.cookies_for("ws://a.example").empty());
}

TEST_CASE("cookie_jar: cookies are replaced and deleted by name (gorilla D8)",
          "[net][cookie_jar]") {
  memory_cookie_jar jar{[] { return noon; }};
  jar.store("ws://a.example", {"a=1", "b=1", "a=2"});
  CHECK(jar.cookies_for("ws://a.example") == "a=2; b=1");
  jar.store("ws://a.example", {"a=; Max-Age=0", "c=3; Path=/x"});
  CHECK(jar.cookies_for("ws://a.example/x") == "c=3; b=1"); // longer paths first
}

TEST_CASE("cookie_jar: what is no cookie is ignored (gorilla D8)", "[net][cookie_jar]") {
  for (const std::string line :
       {"", "novalue", "=v", "a b=v", "; a=b", "k=\x01", "k=a\r\nX: y", "é=v"})
    CHECK(stored(line, "ws://a.example", "ws://a.example").empty());
  CHECK(stored("k=" + std::string(5000, 'v'), "ws://a.example", "ws://a.example").empty());
  CHECK(stored("k=v", "http://a.example", "ws://a.example").empty());
  CHECK(stored("k=", "ws://a.example", "ws://a.example") == "k=");
}

TEST_CASE("cookie_jar: it holds a bounded number (gorilla D8)", "[net][cookie_jar]") {
  memory_cookie_jar jar;
  for (int i = 0; i != 1010; ++i)
    jar.store("ws://" + std::to_string(i) + ".example", {"k=v"});
  CHECK(jar.cookies_for("ws://9.example").empty());
  CHECK(jar.cookies_for("ws://10.example") == "k=v");
}
