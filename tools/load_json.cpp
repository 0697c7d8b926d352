#include "tools/load_report.hpp"
#include "tools/load_thresholds.hpp"

#include <boost/json.hpp>

namespace troupe::load {

namespace {

namespace json = boost::json;

double microseconds(nanoseconds value) {
  return static_cast<double>(value.count()) / 1e3;
}

json::object to_json(const histogram& values) {
  return {{"count", values.count()},
          {"min_us", microseconds(values.min())},
          {"mean_us", microseconds(values.mean())},
          {"p50_us", microseconds(values.quantile(0.5))},
          {"p90_us", microseconds(values.quantile(0.9))},
          {"p99_us", microseconds(values.quantile(0.99))},
          {"p999_us", microseconds(values.quantile(0.999))},
          {"max_us", microseconds(values.max())}};
}

json::object to_json(const std::map<std::string, std::uint64_t>& counts) {
  json::object result;
  for (const auto& [name, count] : counts)
    result.emplace(name, count);
  return result;
}

json::object settings_to_json(const options& settings) {
  const auto shape = settings.shape();
  return {{"scenario", to_string(settings.what)},
          {"protocol", to_string(settings.protocol)},
          {"url", "ws://" + settings.target.authority() + settings.target.target},
          {"connections", shape.connections()},
          {"groups", shape.groups},
          {"senders", shape.senders()},
          {"message_bytes", settings.message_bytes},
          {"loop", settings.is_open_loop() ? "open" : "closed"},
          {"rate", settings.rate},
          {"window", settings.window},
          {"burst", settings.burst},
          {"seed", settings.seed},
          {"ramp_s", to_seconds(settings.ramp)},
          {"warmup_s", to_seconds(settings.warmup)},
          {"duration_s", to_seconds(settings.duration)}};
}

json::object connections_to_json(const connection_result& value) {
  return {{"wanted", value.wanted},
          {"opened", value.opened},
          {"failed", value.failed},
          {"lost", value.lost},
          {"unclean_closes", value.unclean},
          {"cycles", value.cycles},
          {"connect_s", to_seconds(value.connect_time)},
          {"handshake", to_json(value.handshake)},
          {"close", to_json(value.closing)},
          {"problems", to_json(value.problems)}};
}

json::object checks_to_json(const check_counts& value) {
  return {{"delivered", value.delivered},     {"lost", value.lost},
          {"undelivered", value.undelivered}, {"duplicated", value.duplicates},
          {"reordered", value.reordered},     {"misrouted", value.misrouted},
          {"foreign", value.foreign}};
}

json::object client_to_json(const client_result& value) {
  return {{"cpu_share", value.cpu_share},
          {"busy_share", value.busy_share},
          {"starved_share", value.starved_share},
          {"deliveries_per_read", value.deliveries_per_read},
          {"was_bottleneck", value.cpu_share > bottleneck_share}};
}

json::value server_to_json(const run_result& result) {
  if (!result.server)
    return nullptr;
  return json::object{{"cpu_s", to_seconds(result.server->cpu)},
                      {"cpu_us_per_delivery", microseconds(server_cpu_per_delivery(result))},
                      {"starved_s", to_seconds(result.server->starved)},
                      {"connect_cpu_s", to_seconds(result.server->connect_cpu)},
                      {"memory_before_bytes", result.server->memory_before},
                      {"memory_after_bytes", result.server->memory_after}};
}

json::object traffic_to_json(const run_result& result) {
  const double seconds = to_seconds(result.measured);
  const auto per_second = [&](std::uint64_t count) {
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
  };
  return {{"sent", result.counts.sent},
          {"sent_per_s", per_second(result.counts.sent)},
          {"delivered", result.counts.delivered},
          {"delivered_per_s", per_second(result.counts.delivered)},
          {"delivered_bytes", result.counts.delivered_bytes},
          {"skipped", result.skipped},
          {"resyncs", result.resyncs},
          {"rate_missed", is_rate_missed(result)}};
}

} // namespace

std::string format_json(const run_result& result) {
  json::array violations;
  for (const auto& violation : find_violations(result))
    violations.emplace_back(violation);
  const json::object report{{"settings", settings_to_json(result.settings)},
                            {"ended", to_string(result.ended)},
                            {"passed", exit_code_of(result) == 0},
                            {"violations", std::move(violations)},
                            {"measured_s", to_seconds(result.measured)},
                            {"connections", connections_to_json(result.connections)},
                            {"traffic", traffic_to_json(result)},
                            {"latency", to_json(result.latency)},
                            {"send_lag", to_json(result.send_lag)},
                            {"checks", checks_to_json(result.checks)},
                            {"server_errors", to_json(result.refusals)},
                            {"client", client_to_json(result.client)},
                            {"server", server_to_json(result)}};
  return json::serialize(report) + "\n";
}

} // namespace troupe::load
