#include "tools/load_run.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/scripted_echo.hpp"
#include "tests/support/short_echo.hpp"
#include "tools/load_thresholds.hpp"

using namespace troupe::load;
using namespace std::chrono_literals;
using troupe::test::scripted_echo;

namespace {

run_result run_against(
    const scripted_echo& server, void (*change)(options&) = [](options&) {}) {
  return troupe::test::run_short_echo([&](options& settings) {
    settings.target = {.secure = false, .host = "127.0.0.1", .port = server.port(), .target = "/"};
    settings.drain = 200ms;
    change(settings);
  });
}

std::vector<std::string> faithful(std::string message, int) {
  return {std::move(message)};
}

} // namespace

TEST_CASE("load: a faithful server passes in closed loop", "[tools][load]") {
  const scripted_echo server{faithful};
  const auto result = run_against(server);
  CHECK(result.ended == ending::finished);
  CHECK(result.connections.opened == 4);
  CHECK(result.connections.unclean == 0);
  CHECK(result.counts.delivered > 20);
  CHECK(result.latency.count() >= result.counts.delivered);
  CHECK(find_violations(result).empty());
}

TEST_CASE("load: a faithful server passes in open loop", "[tools][load]") {
  const scripted_echo server{faithful};
  const auto result = run_against(server, [](options& settings) { settings.rate = 400; });
  CHECK(result.counts.sent >= 30); // 60 are due
  CHECK(result.send_lag.count() == result.latency.count());
  CHECK(find_violations(result).empty());
}

TEST_CASE("load: a rate beyond all strength ends in time and is reported", "[tools][load]") {
  const scripted_echo server{faithful};
  const auto result = run_against(server, [](options& settings) { settings.rate = 50'000'000; });
  CHECK(result.measured < 2s);
  CHECK(result.arrived > 0); // it also read
  CHECK(is_rate_missed(result));
}

TEST_CASE("load: messages that cross the sizes of a frame header arrive", "[tools][load]") {
  const scripted_echo server{faithful};
  for (const std::size_t size : {24U, 125U, 126U, 65'535U, 65'536U, 700'000U}) {
    CAPTURE(size);
    options settings;
    settings.what = scenario::echo;
    settings.target = {.secure = false, .host = "127.0.0.1", .port = server.port(), .target = "/"};
    settings.connections = 1;
    settings.message_bytes = size;
    settings.warmup = 0s;
    settings.duration = 50ms;
    settings.quiet = true;
    complete(settings);
    const std::atomic<bool> stop{false};
    const auto result = execute(settings, stop);
    CHECK(result.arrived > 0);
    CHECK(find_violations(result).empty());
  }
}

TEST_CASE("load: a server that loses messages is found out", "[tools][load]") {
  const scripted_echo server{[](std::string message, int number) -> std::vector<std::string> {
    if (number % 10 == 9)
      return {};
    return {std::move(message)};
  }};
  const auto result = run_against(server);
  CHECK(result.checks.lost + result.checks.undelivered > 0);
  CHECK(exit_code_of(result) == 1);
}

TEST_CASE("load: a server that repeats messages is found out", "[tools][load]") {
  const scripted_echo server{
      [](const std::string& message, int number) -> std::vector<std::string> {
        if (number == 3)
          return {message, message};
        return {message};
      }};
  const auto result = run_against(server);
  CHECK(result.checks.duplicates == 4); // one per connection
  CHECK(exit_code_of(result) == 1);
}

TEST_CASE("load: a server that swaps messages is found out", "[tools][load]") {
  const scripted_echo server{
      [kept = std::string{}](std::string message, int number) mutable -> std::vector<std::string> {
        if (number == 3)
          return kept = std::move(message), std::vector<std::string>{};
        if (number == 4)
          return {std::move(message), kept};
        return {std::move(message)};
      }};
  const auto result = run_against(server, [](options& settings) { settings.connections = 1; });
  CHECK(result.checks.reordered == 1);
  CHECK(result.checks.lost + result.checks.undelivered + result.checks.duplicates == 0);
}

TEST_CASE("load: one connection's messages at another one are misrouted", "[tools][load]") {
  const scripted_echo server{[](std::string message, int) -> std::vector<std::string> {
    message[3] = static_cast<char>(message[3] ^ 1); // the last byte of the sender
    return {std::move(message)};
  }};
  const auto result = run_against(server, [](options& settings) { settings.rate = 100; });
  CHECK(result.checks.misrouted > 0);
  CHECK(result.arrived == 0);
}

TEST_CASE("load: what carries another tag is foreign", "[tools][load]") {
  const scripted_echo server{[](const std::string& message, int) -> std::vector<std::string> {
    return {"welcome, a line that is longer than a stamp", message};
  }};
  const auto result = run_against(server);
  CHECK(result.checks.foreign > 0);
  CHECK(result.checks.lost + result.checks.undelivered == 0);
}

TEST_CASE("load: churn opens and closes in order", "[tools][load]") {
  const scripted_echo server{faithful};
  const auto result =
      run_against(server, [](options& settings) { settings.what = scenario::churn; });
  CHECK(result.connections.cycles > 0);
  CHECK(result.connections.unclean == 0);
  CHECK(result.connections.handshake.count() > 0);
  CHECK(find_violations(result).empty());
}

TEST_CASE("load: idle holds its connections", "[tools][load]") {
  const scripted_echo server{faithful};
  const auto result = run_against(server, [](options& settings) {
    settings.what = scenario::idle;
    settings.ramp = 40ms;
  });
  CHECK(result.connections.opened == 4);
  CHECK(result.connections.connect_time >= 30ms); // the last of four is due after 30 ms
  CHECK(result.counts.sent == 0);
  CHECK(find_violations(result).empty());
}

TEST_CASE("load: nobody there is an ending of its own", "[tools][load]") {
  std::string port;
  {
    const scripted_echo gone{faithful};
    port = gone.port();
  }
  options settings;
  settings.what = scenario::echo;
  settings.target = {.secure = false, .host = "127.0.0.1", .port = port, .target = "/"};
  settings.quiet = true;
  complete(settings);
  const std::atomic<bool> stop{false};
  const auto result = execute(settings, stop);
  CHECK(result.ended == ending::not_connected);
  CHECK(result.connections.failed == 100);
  CHECK(result.connections.problems.at("connect: Connection refused") == 100);
  CHECK(exit_code_of(result) == 2);
}

TEST_CASE("load: a run that is stopped at once still reports", "[tools][load]") {
  const scripted_echo server{faithful};
  options settings;
  settings.what = scenario::echo;
  settings.target = {.secure = false, .host = "127.0.0.1", .port = server.port(), .target = "/"};
  settings.quiet = true;
  complete(settings);
  const std::atomic<bool> stop{true};
  const auto result = execute(settings, stop);
  CHECK(result.ended == ending::interrupted);
  CHECK(exit_code_of(result) == 2);
}
