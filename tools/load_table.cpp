#include "tools/load_report.hpp"
#include "tools/load_thresholds.hpp"

#include <spdlog/fmt/fmt.h>

namespace troupe::load {

namespace {

/// Above this share of the time, ready but not running, a process was short of CPU.
constexpr double doubtful_starvation = 0.05;
/// Lateness below this is what any scheduler does.
constexpr nanoseconds doubtful_lag = std::chrono::microseconds{100};

/// Writes rows with a label on the left, all values aligned.
class table {
public:
  template <class... Arguments>
  void row(std::string_view label, fmt::format_string<Arguments...> format,
           Arguments&&... arguments) {
    text_ += fmt::format("{:<13} ", label);
    text_ += fmt::format(format, std::forward<Arguments>(arguments)...);
    text_ += '\n';
  }
  void line(std::string_view text) { text_.append(text) += '\n'; }
  void gap() { text_ += '\n'; }
  std::string take() { return std::move(text_); }

private:
  std::string text_;
};

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", format_count(count), noun, count == 1 ? "" : "s");
}

std::string format_bytes(double bytes) {
  if (bytes < 1024 * 1024)
    return fmt::format("{:.2f} KiB", bytes / 1024);
  return fmt::format("{:.1f} MiB", bytes / (1024 * 1024));
}

std::string format_rate(double rate) {
  return rate < 100 ? fmt::format("{:.1f}", rate) : format_count(static_cast<std::uint64_t>(rate));
}

void add_quantiles(table& out, std::string_view label, const histogram& values) {
  if (values.count() == 0)
    return;
  const auto at = [&](double fraction) { return format_duration(values.quantile(fraction)); };
  out.row(label, "{:>10} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}", at(0.5), at(0.9), at(0.99),
          at(0.999), format_duration(values.max()), format_duration(values.mean()),
          format_duration(values.min()));
}

void add_connections(table& out, const run_result& result) {
  const auto& connections = result.connections;
  if (result.settings.what == scenario::churn) {
    out.row("connections", "{} opened and closed, {}/s; {} failed, {} cut off",
            format_count(connections.cycles), format_rate(measured_rate(result)),
            format_count(connections.failed), format_count(connections.lost));
  } else {
    const double seconds = to_seconds(connections.connect_time);
    const double rate = seconds > 0 ? static_cast<double>(connections.opened) / seconds : 0;
    out.row("connections", "{} of {} open after {}, {}/s; {} failed, {} cut off",
            format_count(connections.opened), format_count(connections.wanted),
            format_duration(connections.connect_time), format_rate(rate),
            format_count(connections.failed), format_count(connections.lost));
  }
  if (connections.unclean > 0)
    out.row("", "{} closed without the server's close frame", format_count(connections.unclean));
  for (const auto& [reason, count] : connections.problems)
    out.row("", "{} x {}", format_count(count), reason);
}

void add_latencies(table& out, const run_result& result) {
  out.row("", "{:>10} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}", "p50", "p90", "p99", "p99.9",
          "max", "mean", "min");
  const bool is_arena = result.settings.what == scenario::arena;
  add_quantiles(out, is_arena ? "join" : "handshake", result.connections.handshake);
  add_quantiles(out, "close", result.connections.closing);
  add_quantiles(out, is_arena ? "input" : "delivery", result.latency);
  add_quantiles(out, "send lag", result.send_lag);
}

void add_refusals(table& out, const run_result& result) {
  for (const auto& [reason, count] : result.refusals)
    out.row("", "{} from the server: {}", counted(count, "error"), reason);
}

void add_traffic(table& out, const run_result& result) {
  const double seconds = to_seconds(result.measured);
  const auto per_second = [&](std::uint64_t count) {
    return format_rate(seconds > 0 ? static_cast<double>(count) / seconds : 0);
  };
  out.row("", "{:>21} {:>21}", "total", "per second");
  out.row("sent", "{:>21} {:>21}", format_count(result.counts.sent),
          per_second(result.counts.sent));
  out.row("delivered", "{:>21} {:>21}", format_count(result.counts.delivered),
          per_second(result.counts.delivered));
  const auto bytes = static_cast<double>(result.counts.delivered_bytes);
  out.row("payload", "{:>21} {:>21}", format_bytes(bytes), format_bytes(bytes / seconds));
  if (result.skipped > 0)
    out.row("", "{} not sent, their sender was gone", counted(result.skipped, "message"));
  out.gap();
  const auto& checks = result.checks;
  out.row(
      "checks", "lost {}, undelivered {}, duplicated {}, reordered {}, misrouted {}, foreign {}",
      format_count(checks.lost), format_count(checks.undelivered), format_count(checks.duplicates),
      format_count(checks.reordered), format_count(checks.misrouted), format_count(checks.foreign));
  add_refusals(out, result);
  if (!result.refusals.empty() && result.announced_rate > 0)
    out.row("", "it announces a limit of {} per second and connection",
            counted(result.announced_rate, "message"));
}

void add_game(table& out, const run_result& result) {
  const double seconds = to_seconds(result.measured);
  const auto bots = static_cast<double>(std::max<std::uint64_t>(result.connections.opened, 1));
  const auto row = [&](std::string_view label, std::uint64_t count) {
    const double rate = static_cast<double>(count) / seconds;
    out.row(label, "{:>21} {:>21} {:>21}", format_count(count), format_rate(rate),
            format_rate(rate / bots));
  };
  out.row("", "{:>21} {:>21} {:>21}", "total", "per second", "per second and bot");
  row("inputs", result.counts.sent);
  row("patches", result.counts.delivered);
  row("bytes", result.counts.delivered_bytes);
  if (result.skipped > 0)
    out.row("", "{} not sent, their bot was out", counted(result.skipped, "input"));
  out.gap();
  out.row("checks", "inputs never seen {}, resyncs {}", format_count(result.checks.lost),
          format_count(result.resyncs));
  add_refusals(out, result);
}

/// What makes the figures doubtful: the client's own limits, not the server's.
void add_doubts(table& out, const run_result& result) {
  const auto& client = result.client;
  if (client.cpu_share > bottleneck_share && !result.settings.spin)
    out.row("", "THE CLIENT WAS THE BOTTLENECK: rates and latencies are its own, not the server's");
  if (client.starved_share > doubtful_starvation)
    out.row("",
            "other programs kept it from its core for {:.0f} % of the time: distrust the latencies",
            client.starved_share * 100);
  const auto lag = result.send_lag.quantile(0.99);
  if (lag > doubtful_lag && lag * 10 > result.latency.quantile(0.99))
    out.row("", "the client sent late (p99 {}): its lateness is part of the latencies",
            format_duration(lag));
}

void add_client(table& out, const run_result& result) {
  const auto& client = result.client;
  auto text = fmt::format("{:.0f} % of a core", client.cpu_share * 100);
  if (result.settings.has_messages())
    text += fmt::format(", {:.1f} deliveries per read", client.deliveries_per_read);
  out.row("client", "{}", text);
  add_doubts(out, result);
}

/// Idle: what one connection costs the server.
void add_server_connections(table& out, const run_result& result) {
  const auto& server = *result.server;
  const auto opened = static_cast<double>(result.connections.opened);
  const double growth =
      static_cast<double>(server.memory_after) - static_cast<double>(server.memory_before);
  out.row("", "{:.1f} us CPU per connection opened", to_seconds(server.connect_cpu) * 1e6 / opened);
  if (growth > 0)
    out.row("", "{} of memory per connection", format_bytes(growth / opened));
}

void add_server(table& out, const run_result& result) {
  if (!result.server)
    return;
  const auto& server = *result.server;
  const double share = to_seconds(server.cpu) / to_seconds(result.measured);
  const auto each = to_seconds(server_cpu_per_delivery(result)) * 1e6;
  if (each > 0)
    out.row("server", "{:.3f} us CPU per {}, {:.0f} % of a core", each,
            result.settings.what == scenario::churn ? "connection" : "delivery", share * 100);
  else
    out.row("server", "{:.1f} % of a core", share * 100);
  if (const double starved = to_seconds(server.starved) / to_seconds(result.measured);
      starved > doubtful_starvation)
    out.row("",
            "other programs kept it from its core for {:.0f} % of the time: distrust the latencies",
            starved * 100);
  if (result.settings.what == scenario::idle)
    add_server_connections(out, result);
}

void add_verdict(table& out, const run_result& result) {
  if (!is_measured(result))
    return out.row("NOT MEASURED", "{}",
                   result.ended == ending::interrupted ? "interrupted while connecting"
                                                       : "no connection could be established");
  const auto violations = find_violations(result);
  if (result.ended == ending::interrupted)
    out.row("interrupted", "the figures cover the time until then");
  if (violations.empty())
    out.line("PASSED");
  for (const auto& violation : violations)
    out.row("FAILED", "{}", violation);
}

} // namespace

std::string describe(const options& settings) {
  const auto shape = settings.shape();
  auto text = counted(shape.connections(), "connection");
  if (settings.what == scenario::rooms)
    text = fmt::format("{} of {}", counted(settings.rooms, "room"),
                       counted(settings.members, "member"));
  if (settings.what == scenario::broadcast)
    text += ", " + counted(settings.senders, "sender");
  if (settings.what == scenario::arena)
    return fmt::format("{}, {} inputs/s", counted(settings.connections, "bot"),
                       format_rate(settings.rate));
  if (settings.has_messages())
    text += fmt::format(", {}-byte messages", settings.message_bytes);
  if (settings.what == scenario::idle)
    return text;
  if (settings.is_open_loop())
    return text + fmt::format(", open loop at {}/s", format_rate(settings.rate));
  if (settings.what == scenario::churn)
    return text + " at a time, closed loop";
  const char* per = settings.what == scenario::rooms  ? " per room"
                    : settings.what == scenario::echo ? " per connection"
                                                      : "";
  return text + fmt::format(", closed loop with {} outstanding{}", settings.window, per);
}

std::string format_table(const run_result& result) {
  table out;
  const auto& settings = result.settings;
  out.line(fmt::format("troupe load {} ws://{}{} ({})", to_string(settings.what),
                       settings.target.authority(), settings.target.target,
                       to_string(settings.protocol)));
  out.line(is_measured(result) ? fmt::format("{}, measured for {}", describe(settings),
                                             format_duration(result.measured))
                               : describe(settings));
  out.gap();
  add_connections(out, result);
  if (is_measured(result)) {
    out.gap();
    add_latencies(out, result);
    out.gap();
    if (settings.what == scenario::arena)
      add_game(out, result);
    else if (settings.has_messages())
      add_traffic(out, result);
    add_client(out, result);
    add_server(out, result);
  }
  out.gap();
  add_verdict(out, result);
  return out.take();
}

} // namespace troupe::load
