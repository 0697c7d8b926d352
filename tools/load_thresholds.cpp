#include "tools/load_thresholds.hpp"

#include <spdlog/fmt/fmt.h>

namespace troupe::load {

namespace {

using violations = std::vector<std::string>;

void check_duration(violations& found, const std::string& name, nanoseconds measured,
                    const std::optional<nanoseconds>& limit) {
  if (limit && measured > *limit)
    found.push_back(fmt::format("{} is {}, allowed are {}", name, format_duration(measured),
                                format_duration(*limit)));
}

void check_count(violations& found, const char* name, std::uint64_t measured, std::uint64_t limit) {
  if (measured > limit)
    found.push_back(
        fmt::format("{}: {}, allowed are {}", name, format_count(measured), format_count(limit)));
}

/// What the figures of the scenario are called.
std::string subject(const run_result& result) {
  return result.settings.what == scenario::arena ? "input to state" : "delivery latency";
}

void check_durations(violations& found, const run_result& result) {
  const auto& limits = result.settings.limits;
  const auto what = subject(result);
  check_duration(found, what + " p50", result.latency.quantile(0.5), limits.max_p50);
  check_duration(found, what + " p99", result.latency.quantile(0.99), limits.max_p99);
  check_duration(found, what + " p99.9", result.latency.quantile(0.999), limits.max_p999);
  check_duration(found, what + ", greatest", result.latency.max(), limits.max_latency);
  check_duration(found, "handshake p99", result.connections.handshake.quantile(0.99),
                 limits.max_handshake_p99);
  check_duration(found, "send lag p99", result.send_lag.quantile(0.99), limits.max_send_lag_p99);
  check_duration(found, "server CPU per delivery", server_cpu_per_delivery(result),
                 limits.max_server_cpu);
}

} // namespace

bool is_measured(const run_result& result) noexcept {
  return result.ended != ending::not_connected && result.measured.count() > 0;
}

double measured_rate(const run_result& result) noexcept {
  const auto events =
      result.settings.what == scenario::churn ? result.connections.cycles : result.counts.delivered;
  return result.measured.count() == 0 ? 0
                                      : static_cast<double>(events) / to_seconds(result.measured);
}

bool is_rate_missed(const run_result& result) noexcept {
  if (!result.settings.is_open_loop() || !result.settings.has_messages())
    return false;
  constexpr double allowed_share = 0.02;
  constexpr double allowed_seconds = 0.1; // the last turn of the loop may come late
  const double rate = result.settings.rate;
  const double due = rate * to_seconds(result.measured);
  const auto sent = static_cast<double>(result.counts.sent + result.skipped);
  return due - sent > due * allowed_share + rate * allowed_seconds;
}

nanoseconds server_cpu_per_delivery(const run_result& result) noexcept {
  const auto events =
      result.settings.what == scenario::churn ? result.connections.cycles : result.counts.delivered;
  if (!result.server || events == 0)
    return nanoseconds{0};
  return result.server->cpu / static_cast<nanoseconds::rep>(events);
}

std::vector<std::string> find_violations(const run_result& result) {
  violations found;
  const auto& limits = result.settings.limits;
  const auto& checks = result.checks;
  if (result.ended == ending::stalled)
    found.emplace_back("the run stalled: nothing arrived for 4 s");
  if (is_rate_missed(result))
    found.push_back(
        fmt::format("only {:.0f} of {:.0f} messages/s could be sent: the latencies lack "
                    "the others",
                    static_cast<double>(result.counts.sent) / to_seconds(result.measured),
                    result.settings.rate));
  check_durations(found, result);
  check_count(found, "messages lost or not delivered", checks.lost + checks.undelivered,
              limits.max_loss);
  check_count(found, "messages duplicated, reordered, misrouted or foreign",
              checks.duplicates + checks.reordered + checks.misrouted + checks.foreign,
              limits.max_disorder);
  check_count(found, "connections failed or cut off",
              result.connections.failed + result.connections.lost, limits.max_failures);
  if (limits.min_rate && measured_rate(result) < *limits.min_rate)
    found.push_back(fmt::format("the rate is {:.0f}/s, at least {:.0f}/s are wanted",
                                measured_rate(result), *limits.min_rate));
  return found;
}

int exit_code_of(const run_result& result) {
  if (!is_measured(result))
    return 2;
  return find_violations(result).empty() ? 0 : 1;
}

} // namespace troupe::load
