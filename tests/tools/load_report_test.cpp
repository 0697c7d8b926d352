#include "tools/load_report.hpp"

#include "tests/support/catch.hpp"
#include "tools/load_thresholds.hpp"

#include <boost/json.hpp>

using namespace troupe::load;
using namespace std::chrono_literals;

namespace {

/// A run of two seconds that delivered 1,000 messages after 1 ms each.
run_result good_result() {
  run_result result;
  result.settings.target = {.secure = false, .host = "h", .port = "9000", .target = "/ws"};
  result.measured = 2s;
  result.connections.wanted = result.connections.opened = 100;
  result.connections.handshake.record(3ms);
  result.counts = {10, 1'000, 64'000};
  result.latency.record(1ms, 1'000);
  result.server.emplace();
  result.server->cpu = 2ms;
  return result;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("thresholds: a good run passes", "[tools][load]") {
  auto result = good_result();
  result.settings.limits.max_p99 = 2ms;
  result.settings.limits.min_rate = 500;
  result.settings.limits.max_server_cpu = 2us;
  CHECK(find_violations(result).empty());
  CHECK(exit_code_of(result) == 0);
  CHECK(measured_rate(result) == Approx(500));
  CHECK(server_cpu_per_delivery(result) == nanoseconds{2us});
}

TEST_CASE("thresholds: each bound can fail a run", "[tools][load]") {
  struct spoiler {
    const char* name;
    void (*spoil)(run_result&);
  };
  const spoiler spoilers[]{
      {"p50", [](run_result& result) { result.settings.limits.max_p50 = 900us; }},
      {"p99", [](run_result& result) { result.settings.limits.max_p99 = 900us; }},
      {"p99.9", [](run_result& result) { result.settings.limits.max_p999 = 900us; }},
      {"maximum", [](run_result& result) { result.settings.limits.max_latency = 900us; }},
      {"handshake", [](run_result& result) { result.settings.limits.max_handshake_p99 = 2ms; }},
      {"server CPU", [](run_result& result) { result.settings.limits.max_server_cpu = 1us; }},
      {"rate", [](run_result& result) { result.settings.limits.min_rate = 501; }},
      {"loss", [](run_result& result) { result.checks.lost = 1; }},
      {"not delivered", [](run_result& result) { result.checks.undelivered = 1; }},
      {"duplicates", [](run_result& result) { result.checks.duplicates = 1; }},
      {"order", [](run_result& result) { result.checks.reordered = 1; }},
      {"misrouted", [](run_result& result) { result.checks.misrouted = 1; }},
      {"foreign", [](run_result& result) { result.checks.foreign = 1; }},
      {"failed", [](run_result& result) { result.connections.failed = 1; }},
      {"cut off", [](run_result& result) { result.connections.lost = 1; }},
      {"stalled", [](run_result& result) { result.ended = ending::stalled; }},
      {"send lag",
       [](run_result& result) {
         result.settings.limits.max_send_lag_p99 = 1ms;
         result.send_lag.record(2ms);
       }},
  };
  for (const auto& [name, spoil] : spoilers) {
    CAPTURE(name);
    auto result = good_result();
    spoil(result);
    CHECK(find_violations(result).size() == 1);
    CHECK(exit_code_of(result) == 1);
    CHECK(contains(format_table(result), "FAILED"));
  }
}

TEST_CASE("thresholds: a rate that was not reached fails, a little lateness does not",
          "[tools][load]") {
  auto result = good_result();
  result.settings.rate = 100; // 200 messages are due in two seconds
  result.counts.sent = 187;
  CHECK(exit_code_of(result) == 0);
  result.counts.sent = 180;
  CHECK(exit_code_of(result) == 1);
}

TEST_CASE("thresholds: loss that is allowed passes", "[tools][load]") {
  auto result = good_result();
  result.checks.lost = 5;
  result.settings.limits.max_loss = 5;
  CHECK(exit_code_of(result) == 0);
}

TEST_CASE("thresholds: no connection is neither passed nor failed", "[tools][load]") {
  auto result = good_result();
  result.ended = ending::not_connected;
  CHECK(exit_code_of(result) == 2);
}

TEST_CASE("report: the table names what was done and what came out", "[tools][load]") {
  const auto text = format_table(good_result());
  CHECK(contains(text, "troupe load broadcast ws://h:9000/ws (raw)"));
  CHECK(contains(text,
                 "100 connections, 1 sender, 64-byte messages, closed loop with 1 outstanding"));
  CHECK(contains(text, "100 of 100 open"));
  CHECK(contains(text, "2.000 us CPU per delivery"));
  CHECK(contains(text, "PASSED"));
  CHECK_FALSE(contains(text, "BOTTLENECK"));
}

TEST_CASE("report: a client that is too busy says so", "[tools][load]") {
  auto result = good_result();
  result.client.cpu_share = 0.86;
  result.client.busy_share = 0.9;
  CHECK(contains(format_table(result), "THE CLIENT WAS THE BOTTLENECK"));
}

TEST_CASE("report: a late or starved client says so", "[tools][load]") {
  auto late = good_result();
  late.send_lag.record(500us);
  CHECK(contains(format_table(late), "the client sent late"));
  auto starved = good_result();
  starved.client.starved_share = 0.5;
  CHECK(contains(format_table(starved), "other programs kept it from its core for 50 %"));
}

TEST_CASE("report: reasons of failures are counted", "[tools][load]") {
  auto result = good_result();
  result.connections.failed = 7;
  result.connections.problems["HTTP/1.1 503 Service Unavailable"] = 7;
  result.refusals["too fast"] = 1;
  const auto text = format_table(result);
  CHECK(contains(text, "7 x HTTP/1.1 503 Service Unavailable"));
  CHECK(contains(text, "1 error from the server: too fast"));
}

TEST_CASE("report: the JSON can be read back", "[tools][load]") {
  const auto value = boost::json::parse(format_json(good_result()));
  CHECK(value.at("settings").at("scenario").as_string() == "broadcast");
  CHECK(value.at("passed").as_bool());
  CHECK(value.at("traffic").at("delivered").to_number<std::uint64_t>() == 1'000);
  CHECK(value.at("traffic").at("delivered_per_s").to_number<double>() == Approx(500));
  CHECK(value.at("latency").at("p99_us").to_number<double>() == Approx(1'000));
  CHECK(value.at("server").at("cpu_us_per_delivery").to_number<double>() == Approx(2));
  CHECK(value.at("checks").at("lost").to_number<std::uint64_t>() == 0);
}
