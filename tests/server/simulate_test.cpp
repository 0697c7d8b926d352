#include "server/simulate.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;

namespace {

net::impairment parse(std::string_view text) {
  return parse_impairment(text, {{}, "--simulate"});
}

std::string error_of(std::string_view text) {
  try {
    parse(text);
  } catch (const config_error& error) {
    return error.what();
  }
  return {};
}

} // namespace

TEST_CASE("simulate: reads all that a network can do", "[server][simulate]") {
  const auto all = parse("latency=100ms,jitter=30ms, rate=64kB/s,loss=1.5%");
  CHECK(all.latency == 100ms);
  CHECK(all.jitter == 30ms);
  CHECK(all.bytes_per_s == 64'000);
  CHECK(all.loss == 0.015);
  CHECK(parse("latency=0.25s").latency == 250ms);
  CHECK(parse("latency=20").latency == 20ms);
  CHECK(parse("rate=2MiB/s").bytes_per_s == 2 * 1'024 * 1'024);
  CHECK(parse("").latency == 0ms);
}

TEST_CASE("simulate: names the part that is wrong, and the units", "[server][simulate]") {
  CHECK(error_of("jitter=5ms,latency=fast")
        == "The value \"latency=fast\" of --simulate is not a latency from 0 to 10s (in "
           "milliseconds, or with ms, s).");
  CHECK(error_of("rate=64kB").find("rate from 1kB/s to 1GB/s") != std::string::npos);
  CHECK(error_of("lag=5ms").find("latency=TIME, jitter=TIME, rate=SIZE/s or loss=PERCENT%")
        != std::string::npos);
  CHECK(error_of("latency=1ms,latency=2ms").find("given once only") != std::string::npos);
  for (const auto* bad :
       {"latency", "latency=", "latency=-1ms", "latency=11s", "jitter=1 week", "rate=/s",
        "rate=999B/s", "rate=2GB/s", "rate=64kB/m", "loss=1", "loss=%", "loss=51%", "loss=-1%",
        "loss=nan%", "loss=1e1%", ",", "latency=1ms,,jitter=1ms", "=1ms"})
    CHECK(!error_of(bad).empty());
}

TEST_CASE("simulate: is a key of the configuration", "[server][simulate]") {
  CHECK(config::parse({"--simulate", "latency=10ms"}).simulate == "latency=10ms");
  CHECK_THROWS_AS(config::parse({"--simulate", "latency=10x"}), config_error);
  CHECK_THROWS_AS(config::parse({}, {{"TROUPE_SIMULATE", "speed=1"}}), config_error);
  config by_hand;
  by_hand.simulate = "rate=1";
  CHECK_THROWS_AS(by_hand.validate(), config_error);
}
