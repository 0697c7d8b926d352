#include "tools/load_cli.hpp"

#include "net/ascii.hpp"

#include <CLI/CLI.hpp>
#include <map>
#include <spdlog/fmt/fmt.h>

namespace troupe::load {

namespace {

const std::map<std::string, scenario> scenarios{
    {"broadcast", scenario::broadcast}, {"echo", scenario::echo},   {"rooms", scenario::rooms},
    {"idle", scenario::idle},           {"churn", scenario::churn}, {"arena", scenario::arena}};

nanoseconds read_duration(const std::string& text) {
  if (const auto value = parse_duration(text))
    return *value;
  throw CLI::ConversionError{"'" + text
                             + "' is no duration; write a number and ns, us, ms, s or m"};
}

/// Stores a duration in a plain or optional field.
template <class Field>
void add_duration(CLI::App& command, const char* name, Field& field, const std::string& help) {
  command
      .add_option_function<std::string>(
          name, [&field](const std::string& text) { field = read_duration(text); }, help)
      ->type_name("DURATION");
}

std::pair<std::string, std::string> read_header(const std::string& text) {
  const auto colon = text.find(':');
  const std::string name = text.substr(0, colon);
  if (colon == std::string::npos || !net::is_token(name)
      || std::any_of(text.begin(), text.end(), net::is_control))
    throw usage_error{"--header '" + text + "' must have the form 'Name: value'."};
  return {name, std::string{net::trim(std::string_view{text}.substr(colon + 1))}};
}

net::url read_url(const std::string& text) {
  const bool has_scheme = text.find("://") != std::string::npos;
  if (const auto parsed = net::parse_url(has_scheme ? text : "ws://" + text))
    return *parsed;
  throw usage_error{"'" + text + "' is no address; write ws://host:port or ws://host:port/path."};
}

} // namespace

command_line::command_line(CLI::App& command) {
  command
      .add_option("scenario,--scenario", scenario_,
                  "broadcast  the first senders' messages go to all connections\n"
                  "echo       every connection gets its own messages back\n"
                  "rooms      every member's messages go to its room\n"
                  "idle       connections are opened and held: memory, CPU per handshake\n"
                  "churn      connections come and go\n"
                  "arena      bots play the game of examples/arena")
      ->required()
      ->check(CLI::IsMember(scenarios));
  command.add_option("url,--url", url_,
                     "ws:// or wss://host:port[/path] of the server; arena: ws://127.0.0.1:8080");
  command.add_option("--protocol", protocol_, "raw: one binary message each; native: troupe.v1")
      ->check(CLI::IsMember({"raw", "native"}))
      ->capture_default_str();
  add_connections(command);
  add_workload(command);
  add_time(command);
  add_native(command);
  add_reports(command);
  add_thresholds(command);
}

void command_line::add_connections(CLI::App& command) {
  const auto group = "Connections";
  command
      .add_option("-n,--connections,--bots", values_.connections,
                  "connections (rooms: see --rooms)")
      ->capture_default_str()
      ->group(group);
  command.add_option("--rooms", values_.rooms, "rooms: number of rooms")
      ->capture_default_str()
      ->group(group);
  command.add_option("--members", values_.members, "rooms: connections per room")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--path", path_,
                  "path of the endpoint, {} = number of the room; default: the URL's, else raw "
                  "/ws, /echo or /rooms/{} by scenario, native /native, arena /rooms")
      ->group(group);
  command.add_option("--header", headers_, "'Name: value' added to each handshake; repeatable")
      ->allow_extra_args(false)
      ->group(group);
  command
      .add_option("--subprotocol", values_.subprotocol,
                  "offered in the handshake; default: none, native troupe.v1")
      ->group(group);
  command
      .add_option("--ca-file", values_.ca_file,
                  "wss: PEM file of trusted authorities; default: the system's")
      ->group(group);
  command
      .add_flag_callback(
          "--insecure", [this] { values_.verify_peer = false; }, "wss: accept any certificate")
      ->group(group);
  command
      .add_option("--source-addresses", values_.source_addresses,
                  "rotate the source among 127.0.0.1 ... 127.0.0.N: above about 28,000 "
                  "connections a single address has no ports left")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--concurrent-handshakes", values_.concurrent_handshakes,
                  "handshakes under way at the same time, at most")
      ->capture_default_str()
      ->group(group);
}

void command_line::add_workload(CLI::App& command) {
  const auto group = "Workload";
  command.add_option("--senders", values_.senders, "broadcast: connections that send")
      ->capture_default_str()
      ->group(group);
  command.add_option("--size", values_.message_bytes, "bytes of payload per message, at least 24")
      ->capture_default_str()
      ->group(group);
  auto* rate = command
                   .add_option("--rate", values_.rate,
                               "open loop: messages/s of all senders together (churn: "
                               "connections/s); default: closed loop, arena 8 for each bot")
                   ->check(CLI::PositiveNumber)
                   ->group(group);
  command.add_option("--sender-rate", sender_rate_, "open loop: messages/s of each sender")
      ->check(CLI::PositiveNumber)
      ->excludes(rate)
      ->group(group);
  command
      .add_option("--window", values_.window,
                  "closed loop: messages outstanding in total (echo: per connection, rooms: per "
                  "room); the next one goes when all receivers have an earlier one")
      ->capture_default_str()
      ->group(group);
  command.add_option("--burst", values_.burst, "open loop: messages due at the same instant")
      ->capture_default_str()
      ->group(group);
  command.add_option("--seed", values_.seed, "open loop: of the order in which senders take turns")
      ->capture_default_str()
      ->group(group);
  command.add_flag("--no-self", no_self_, "the server does not send a message back to its sender")
      ->group(group);
}

void command_line::add_time(CLI::App& command) {
  add_duration(command, "--ramp", values_.ramp, "spread the connects over this long; default 0");
  add_duration(command, "--warmup", values_.warmup, "send this long before measuring; default 1s");
  add_duration(command, "--duration", values_.duration, "measure for this long; default 10s");
  add_duration(command, "--drain", values_.drain,
               "wait for the last messages, at most; default 5s");
  add_duration(command, "--hold", values_.hold, "churn: keep each connection open; default 0");
  add_duration(command, "--connect-timeout", values_.connect_timeout,
               "connect and handshake of one connection, at most; default 10s");
  for (const char* name :
       {"--ramp", "--warmup", "--duration", "--drain", "--hold", "--connect-timeout"})
    command.get_option(name)->group("Time");
}

void command_line::add_native(CLI::App& command) {
  const auto group = "Native protocol";
  command
      .add_option(
          "--room", values_.room,
          "room to join, {} = its number; default: broadcast load, rooms load-{}, else none")
      ->group(group);
  command
      .add_option("--event", values_.event,
                  "name of the event to publish (default load) or, in echo, to ask (default echo)")
      ->group(group);
}

void command_line::add_reports(CLI::App& command) {
  const auto group = "Report";
  command
      .add_option("--pid", values_.pids,
                  "process of the server: report its CPU per delivery and its memory; repeatable")
      ->allow_extra_args(false)
      ->group(group);
  command
      .add_option("--json", values_.json,
                  "write a JSON report to this file, - = standard output "
                  "instead of the table")
      ->group(group);
  command.add_flag("--quiet", values_.quiet, "no progress line")->group(group);
  command
      .add_flag("--spin", values_.spin,
                "never sleep: less delay by wake-ups, one core entirely used")
      ->group(group);
}

void command_line::add_thresholds(CLI::App& command) {
  const std::string group = "Thresholds (exit code 1 when violated)";
  auto& limits = values_.limits;
  add_duration(command, "--max-p50", limits.max_p50, "delivery latency, median");
  add_duration(command, "--max-p99", limits.max_p99, "delivery latency, 99 %");
  add_duration(command, "--max-p999", limits.max_p999, "delivery latency, 99.9 %");
  add_duration(command, "--max-latency", limits.max_latency, "delivery latency, all");
  add_duration(command, "--max-handshake-p99", limits.max_handshake_p99, "handshake, 99 %");
  add_duration(command, "--max-send-lag", limits.max_send_lag_p99,
               "own lateness in open loop, 99 %: whether the figures can be trusted");
  add_duration(command, "--max-server-cpu", limits.max_server_cpu,
               "server CPU per delivery (churn: per connection); needs --pid");
  for (const char* name : {"--max-p50", "--max-p99", "--max-p999", "--max-latency",
                           "--max-handshake-p99", "--max-send-lag", "--max-server-cpu"})
    command.get_option(name)->group(group);
  command.add_option("--min-rate", limits.min_rate, "deliveries/s (churn: connections/s)")
      ->group(group);
  command.add_option("--max-loss", limits.max_loss, "messages lost or not delivered")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--max-disorder", limits.max_disorder,
                  "messages duplicated, reordered, misrouted or foreign")
      ->capture_default_str()
      ->group(group);
  command.add_option("--max-failures", limits.max_failures, "connections failed or cut off")
      ->capture_default_str()
      ->group(group);
}

options command_line::read() const {
  options result = values_;
  result.what = scenarios.at(scenario_);
  result.protocol = protocol_ == "native" ? wire::native : wire::raw;
  if (url_.empty() && result.what != scenario::arena)
    throw CLI::RequiredError{"url"};
  result.target = read_url(url_.empty() ? "127.0.0.1:8080" : url_);
  if (!path_.empty())
    result.target.target = path_.front() == '/' ? path_ : "/" + path_;
  result.senders_receive = !no_self_;
  if (sender_rate_ > 0)
    result.rate = sender_rate_ * static_cast<double>(result.shape().senders());
  for (const auto& header : headers_)
    result.headers.push_back(read_header(header));
  complete(result);
  return result;
}

} // namespace troupe::load
