#include "tools/load_cli.hpp"

#include "tests/support/catch.hpp"

#include <CLI/CLI.hpp>

using namespace troupe::load;
using namespace std::chrono_literals;

namespace {

options parse(const std::string& arguments) {
  CLI::App app;
  const command_line line{app};
  app.parse(arguments);
  return line.read();
}

} // namespace

TEST_CASE("command line: scenario and address are enough", "[tools][load]") {
  const auto value = parse("broadcast ws://127.0.0.1:9000");
  CHECK(value.what == scenario::broadcast);
  CHECK(value.protocol == wire::raw);
  CHECK(value.target.host == "127.0.0.1");
  CHECK(value.target.port == "9000");
  CHECK(value.target.target == "/ws");
  CHECK(value.connections == 100);
  CHECK_FALSE(value.is_open_loop());
}

TEST_CASE("command line: an address needs no scheme and may have a path", "[tools][load]") {
  CHECK(parse("echo localhost:9000/x").target.target == "/x");
  CHECK(parse("echo ws://localhost:9000 --path y").target.target == "/y");
  CHECK(parse("rooms ws://localhost:9000/r/{}").path_of(9) == "/r/1");
}

TEST_CASE("command line: the rate of a sender counts for each of them", "[tools][load]") {
  CHECK(parse("rooms h:1 --rooms 100 --members 8 --sender-rate 30").rate == Approx(24'000));
  CHECK(parse("broadcast h:1 --senders 4 --sender-rate 30").rate == Approx(120));
  CHECK(parse("echo h:1 --rate 500").rate == Approx(500));
}

TEST_CASE("command line: durations, thresholds and repeatable options arrive", "[tools][load]") {
  const auto value = parse("echo --pid 12 h:1 --pid 13 --duration 3s --ramp 250ms --max-p99 5ms "
                           "--min-rate 1000 --max-loss 7 --header \"A: b c\" --no-self=false");
  CHECK(value.duration == nanoseconds{3s});
  CHECK(value.ramp == nanoseconds{250ms});
  CHECK(value.limits.max_p99 == nanoseconds{5ms});
  CHECK_FALSE(value.limits.max_p50.has_value());
  CHECK(value.limits.min_rate == 1000.0);
  CHECK(value.limits.max_loss == 7);
  CHECK(value.pids == std::vector<pid_t>{12, 13});
  REQUIRE(value.headers.size() == 1);
  CHECK(value.headers[0].first == "A");
  CHECK(value.headers[0].second == "b c");
}

TEST_CASE("command line: bots need no address, and say how often they steer", "[tools][load]") {
  const auto value = parse("--scenario arena --bots 200");
  CHECK(value.what == scenario::arena);
  CHECK(value.protocol == wire::native);
  CHECK(value.connections == 200);
  CHECK(value.rate == Approx(1'600));
  CHECK(value.target.authority() == "127.0.0.1:8080");
  CHECK(value.target.target == "/rooms");
  const auto other = parse("arena h:1/play --bots 5 --sender-rate 2");
  CHECK(other.target.target == "/play");
  CHECK(other.rate == Approx(10));
  CHECK(parse("echo --url h:1").target.target == "/echo");
}

TEST_CASE("command line: mistakes are refused", "[tools][load]") {
  CHECK_THROWS_AS(parse("echo"), CLI::ParseError);
  CHECK_THROWS_AS(parse("dance h:1"), CLI::ParseError);
  CHECK_THROWS_AS(parse("echo h:1 --max-p99 5"), CLI::ParseError);
  CHECK_THROWS_AS(parse("echo h:1 --rate 0"), CLI::ParseError);
  CHECK_THROWS_AS(parse("echo h:1 --rate 5 --sender-rate 5"), CLI::ParseError);
  CHECK_THROWS_AS(parse("echo h:1 --protocol xml"), CLI::ParseError);
  CHECK_THROWS_AS(parse("echo ftp://h:1"), usage_error);
  CHECK_THROWS_AS(parse("echo h:1 --header broken"), usage_error);
  CHECK_NOTHROW(parse("echo wss://h:1 --insecure"));
  CHECK_THROWS_AS(parse("echo ws://h:1 --insecure"), usage_error);
}
