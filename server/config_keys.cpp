#include "server/config_keys.hpp"

#include <algorithm>
#include <array>

namespace troupe {
namespace {

constexpr std::uint64_t million = 1'000'000;
constexpr std::uint64_t mebi = 1024 * 1024;
constexpr std::uint64_t gibi = 1024 * mebi;
constexpr std::uint64_t minute = 60'000;
constexpr std::uint64_t hour = 60 * minute;

constexpr auto count = number_unit::count;
constexpr auto bytes = number_unit::bytes;
constexpr auto seconds = number_unit::seconds;
constexpr auto milliseconds = number_unit::milliseconds;

constexpr config_key text(std::string_view name, config_field field, text_form form,
                          std::string_view description) {
  return {.name = name, .field = field, .description = description, .form = form};
}

constexpr config_key on_off(std::string_view name, config_field field,
                            std::string_view description) {
  return {.name = name, .field = field, .description = description};
}

struct range {
  number_unit unit;
  std::uint64_t least;
  std::uint64_t most;
};

constexpr config_key number(std::string_view name, config_field field, range allowed,
                            std::string_view description) {
  return {.name = name,
          .field = field,
          .description = description,
          .unit = allowed.unit,
          .least = allowed.least,
          .most = allowed.most};
}

using fields = limits_fields;

// clang-format off: one key reads as one paragraph
constexpr std::array all_keys{
    text("listen", &config::listen, text_form::listen_address,
         "address to listen on; port 0 takes any free one"),
    number("threads", &config::threads, {count, 0, 1'024},
           "shards, each with its own thread; 0 = one per core"),
    number("workers", &config::workers, {count, 0, 1'024},
           "threads for heavy rooms, started if there may be any; 0 = one per core"),
    text("log-level", &config::log_level, text_form::log_level,
         "least severe messages that are logged"),
    text("tls-cert", &config::tls_cert, text_form::path,
         "PEM file with the certificate chain; needs tls-key"),
    text("tls-key", &config::tls_key, text_form::path,
         "PEM file with the private key; needs tls-cert"),
    text("origins", &config::origins, text_form::origin,
         "origins that browsers may connect from; empty = same host, * = any"),
    on_off("compression", &config::compression, "offer permessage-deflate"),
    number("drain-timeout", &config::drain_timeout, {seconds, 0, hour},
           "time from SIGTERM to the exit, at most"),
    number("room-idle", &config::room_idle, {seconds, 0, 24 * hour}, "time an empty room is kept"),
    number("rooms-per-connection", &config::rooms_per_connection, {count, 1, 100'000},
           "rooms one connection may be in"),
    on_off("room-stats", &config::room_stats,
           "answer GET /rooms/stats with what each game room costs"),
    text("record", &config::record, text_form::directory,
         "directory for recordings of game rooms, one file each; empty = none"),
    number("record-bytes", &config::record_bytes, {bytes, 64 * 1024, 64 * gibi},
           "largest recording of one room"),
    text("simulate", &config::simulate, text_form::impairment,
         "bad network that all connections go through, for developing games; empty = none"),
    on_off("bench", &config::bench,
           "add the raw endpoints /echo, /ws and /rooms/NAME, without rate limits"),
    number("bench-flush", &config::bench_flush, {milliseconds, 0, 10'000},
           "flush period of the rooms of --bench; 0 = every turn"),
    number("max-connections", &fields::max_connections, {count, 0, 100 * million},
           "connections in total; 0 = unlimited"),
    number("max-connections-per-address", &fields::max_connections_per_address,
           {count, 0, 100 * million}, "connections from one address; 0 = unlimited"),
    number("message-bytes", &fields::message_bytes, {bytes, 1, gibi},
           "largest message a client may send"),
    number("fragments", &fields::fragments, {count, 1, million}, "fragments of one message"),
    number("control-frames-per-s", &fields::control_frames_per_s, {count, 1, million},
           "pings and pongs a client may send per second"),
    number("messages-per-s", &fields::messages_per_s, {count, 0, 100 * million},
           "messages a connection may send per second; 0 = unlimited"),
    number("burst", &fields::burst, {count, 0, 100 * million},
           "messages a connection may send at once; 0 = unlimited"),
    number("bytes-per-s", &fields::bytes_per_s, {bytes, 0, 1024 * gibi},
           "bytes a connection may send per second; 0 = unlimited"),
    number("outbox-bytes", &fields::outbox_bytes, {bytes, 1, gibi},
           "bytes kept for a client that reads slowly"),
    number("head-bytes", &fields::head_bytes, {bytes, 256, mebi}, "size of an HTTP request head"),
    number("head-fields", &fields::head_fields, {count, 8, 10'000},
           "fields of an HTTP request head"),
    number("handshake-timeout", &fields::handshake_timeout, {seconds, 1, hour},
           "time for TLS and the HTTP request head"),
    number("ping-interval", &fields::ping_interval, {seconds, 1, 24 * hour},
           "silence after which a client is pinged"),
    number("pong-timeout", &fields::pong_timeout, {seconds, 1, hour},
           "time for the answer to a ping"),
    number("read-timeout", &fields::read_timeout, {seconds, 0, 24 * hour},
           "time for which a client may send no message; 0 = unlimited"),
    number("write-timeout", &fields::write_timeout, {seconds, 1, hour},
           "time for which a client may take no byte"),
    number("close-timeout", &fields::close_timeout, {seconds, 1, hour},
           "time for the answer to a close frame"),
};
// clang-format on

std::string joined(const std::vector<std::string>& texts) {
  std::string result;
  for (const auto& one : texts)
    result.append(result.empty() ? "" : ",").append(one);
  return result;
}

std::string_view what_number(number_unit unit) noexcept {
  switch (unit) {
  case number_unit::count:
    return "a whole number";
  case number_unit::bytes:
    return "a size";
  case number_unit::seconds:
  case number_unit::milliseconds:
    return "a time";
  }
  return "";
}

std::string_view plain_number(number_unit unit) noexcept {
  switch (unit) {
  case number_unit::count:
    return "";
  case number_unit::bytes:
    return " (in bytes, or with B, kB, MB, GB, KiB, MiB, GiB)";
  case number_unit::seconds:
    return " (in seconds, or with ms, s, m, h)";
  case number_unit::milliseconds:
    return " (in milliseconds, or with ms, s, m, h)";
  }
  return "";
}

std::string_view what_text(text_form form) noexcept {
  switch (form) {
  case text_form::any:
    return "a text";
  case text_form::path:
    return "the path of a file";
  case text_form::directory:
    return "the path of a directory";
  case text_form::listen_address:
    return "host:port or [IPv6]:port with a port from 0 to 65535";
  case text_form::log_level:
    return "one of trace, debug, info, warn, error, critical, off";
  case text_form::origin:
    return "*, null or scheme://host[:port], several separated by commas";
  case text_form::impairment:
    return "latency=TIME, jitter=TIME, rate=SIZE/s and loss=PERCENT%, separated by commas";
  }
  return "";
}

} // namespace

std::span<const config_key> config_keys() noexcept {
  return all_keys;
}

const config_key* find_config_key(std::string_view name) noexcept {
  const auto at = std::ranges::find(all_keys, name, &config_key::name);
  return at == all_keys.end() ? nullptr : &*at;
}

bool config_key::is_limit() const noexcept {
  return std::holds_alternative<std::size_t limits_fields::*>(field)
         || std::holds_alternative<std::chrono::milliseconds limits_fields::*>(field);
}

bool config_key::is_switch() const noexcept {
  return std::holds_alternative<bool config::*>(field);
}

bool config_key::is_list() const noexcept {
  return std::holds_alternative<std::vector<std::string> config::*>(field);
}

bool config_key::is_number() const noexcept {
  return !is_switch() && !is_list() && !std::holds_alternative<std::string config::*>(field);
}

std::string config_key::environment_name() const {
  std::string result{"TROUPE_"};
  for (const char c : name)
    result.push_back(c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  return result;
}

std::string_view config_key::placeholder() const noexcept {
  if (is_switch())
    return "";
  if (!is_number()) {
    constexpr std::array names{"TEXT", "FILE", "DIR", "HOST:PORT", "LEVEL", "ORIGIN,...",
                              "KEY=VALUE,..."};
    return names[static_cast<std::size_t>(form)];
  }
  constexpr std::array names{"N", "BYTES", "SECONDS", "MS"};
  return names[static_cast<std::size_t>(unit)];
}

std::string config_key::allowed() const {
  if (is_switch())
    return "on or off";
  if (!is_number())
    return std::string{what_text(form)};
  return std::string{what_number(unit)}
      .append(" from ")
      .append(format_number(least, unit))
      .append(" to ")
      .append(format_number(most, unit))
      .append(plain_number(unit));
}

std::string config_key_table() {
  std::string result{"| key | default | allowed | environment | meaning |\n"
                     "| --- | --- | --- | --- | --- |\n"};
  const config defaults;
  for (const auto& key : config_keys()) {
    const auto value = joined(config_texts(defaults, key));
    result.append("| `").append(key.is_limit() ? "limits." : "").append(key.name).append("` | ");
    result.append(value.empty() ? "(empty)" : "`" + value + "`").append(" | ");
    result.append(key.allowed()).append(" | `").append(key.environment_name()).append("` | ");
    result.append(key.description).append(" |\n");
  }
  return result;
}

} // namespace troupe
