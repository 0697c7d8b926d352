// The parts of the client that do no I/O and know no protocol.
#include "net/backoff.hpp"
#include "net/clock_estimate.hpp"
#include "net/pending_asks.hpp"
#include "net/url.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace std::chrono_literals;
using troupe::net::parse_url;
using troupe::net::url;

TEST_CASE("url: addresses are split into their parts", "[net][url]") {
  CHECK(parse_url("ws://a.example") == url{false, "a.example", "80", "/"});
  CHECK(parse_url("wss://a.example/x?y=1#z") == url{true, "a.example", "443", "/x?y=1"});
  CHECK(parse_url("ws://127.0.0.1:8080/chat") == url{false, "127.0.0.1", "8080", "/chat"});
  CHECK(parse_url("ws://[::1]:81?q") == url{false, "::1", "81", "/?q"});
  CHECK(parse_url("https://a") == url{true, "a", "443", "/"});
}

TEST_CASE("url: what is no address is refused", "[net][url]") {
  for (const auto* text :
       {"", "a.example", "ftp://a", "ws://", "ws:///x", "ws://a:", "ws://a:0", "ws://a:65536",
        "ws://a:8o/", "ws://u@a/", "ws://[::1", "ws://[]/", "ws://a b/", "ws://a/\r\nx"})
    CHECK_FALSE(parse_url(text).has_value());
}

TEST_CASE("url: the Host field has brackets and no default port", "[net][url]") {
  CHECK(parse_url("ws://a.example:80")->authority() == "a.example");
  CHECK(parse_url("ws://a.example:443")->authority() == "a.example:443");
  CHECK(parse_url("wss://[::1]:8443")->authority() == "[::1]:8443");
}

TEST_CASE("backoff: waits grow up to the longest and start anew", "[net][backoff]") {
  troupe::net::backoff waits{{.first = 100ms, .longest = 1s, .growth = 2, .jitter = 0}, 1};
  CHECK(waits.next() == 100ms);
  CHECK(waits.next() == 200ms);
  CHECK(waits.next() == 400ms);
  CHECK(waits.next() == 800ms);
  CHECK(waits.next() == 1s);
  CHECK(waits.next() == 1s);
  waits.reset();
  CHECK(waits.next() == 100ms);
}

TEST_CASE("backoff: jitter shortens waits and differs between clients", "[net][backoff]") {
  const troupe::net::backoff_policy policy{.first = 1s, .longest = 1s, .growth = 1, .jitter = 0.5};
  troupe::net::backoff one{policy, 1};
  troupe::net::backoff other{policy, 2};
  int different = 0;
  for (int i = 0; i < 100; ++i) {
    const auto wait = one.next();
    CHECK(wait >= 500ms);
    CHECK(wait <= 1s);
    different += wait != other.next() ? 1 : 0;
  }
  CHECK(different > 90);
}

TEST_CASE("clock_estimate: the fastest exchange counts", "[net][clock_estimate]") {
  troupe::net::clock_estimate clock;
  CHECK_FALSE(clock.is_known());
  clock.add(1'000us, 51'500us, 2'000us); // round trip 1 ms, offset 50 ms
  CHECK(clock.offset() == 50'000us);
  clock.add(10'000us, 90'000us, 20'000us); // slower: says less
  CHECK(clock.offset() == 50'000us);
  clock.add(30'000us, 79'100us, 30'200us);
  CHECK(clock.offset() == 49'000us);
  CHECK(clock.round_trip() == 200us);
}

TEST_CASE("clock_estimate: old exchanges and impossible ones are forgotten",
          "[net][clock_estimate]") {
  troupe::net::clock_estimate clock;
  clock.add(10us, 20us, 5us);
  CHECK_FALSE(clock.is_known());
  clock.add(0us, 1'000us, 2us);
  for (int i = 0; i < 8; ++i)
    clock.add(0us, 5'050us, 100us);
  CHECK(clock.offset() == 5'000us);
  clock.reset();
  CHECK_FALSE(clock.is_known());
}

TEST_CASE("pending_asks: an answer is taken once", "[net][pending_asks]") {
  troupe::net::pending_asks<std::string> asks;
  const auto now = std::chrono::steady_clock::now();
  const auto first = asks.add("first", now);
  const auto second = asks.add("second", now);
  CHECK(first >= 1);
  CHECK(first != second);
  CHECK(asks.take(second) == "second");
  CHECK_FALSE(asks.take(second).has_value());
  CHECK_FALSE(asks.take(99).has_value());
  CHECK(asks.size() == 1);
}

TEST_CASE("pending_asks: deadlines pass in their order", "[net][pending_asks]") {
  troupe::net::pending_asks<std::string> asks;
  const auto now = std::chrono::steady_clock::now();
  CHECK_FALSE(asks.next_deadline().has_value());
  asks.add("late", now + 3s);
  asks.add("early", now + 1s);
  const auto answered = asks.add("answered", now + 2s);
  CHECK(asks.next_deadline() == now + 1s);
  asks.take(answered);
  CHECK(asks.take_expired(now).empty());
  CHECK(asks.take_expired(now + 1s) == std::vector<std::string>{"early"});
  CHECK(asks.next_deadline() == now + 3s);
  CHECK(asks.take_all() == std::vector<std::string>{"late"});
  CHECK(asks.size() == 0);
}
