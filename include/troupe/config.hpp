#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace troupe {

/// A key or value of the configuration that cannot be used.
/// `what()` is one full sentence naming the key, the value, what is allowed, and for a file its
/// name and line.
class config_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Everything an operator can set, with its unit in the type or name and its default.
///
/// Each field is one key: `max_connections` is `--max-connections` on the command line,
/// `max-connections` in the TOML file (fields of `limits` in its `[limits]` table) and
/// `TROUPE_MAX_CONNECTIONS` in the environment. The command line wins over the file, the file
/// over the environment. docs/configuration.md lists every key.
///
/// Threading:  a plain value; distinct objects are independent.
/// Errors:     `parse` and `validate` throw `config_error`; `from_args` ends the process instead.
struct config {
  /// Environment variables by name.
  using environment = std::map<std::string, std::string>;

  /// What one client, one address and all clients together may cost.
  struct limits {
    std::size_t max_connections = 100'000;              ///< connections in total; 0 = unlimited
    std::size_t max_connections_per_address = 1'000;    ///< per client address; 0 = unlimited
    std::size_t message_bytes = 64 * 1024;              ///< largest message, in bytes
    std::size_t fragments = 64;                         ///< fragments of one message
    std::size_t control_frames_per_s = 20;              ///< pings, pongs and closes per second
    std::size_t messages_per_s = 200;                   ///< per connection; 0 = unlimited
    std::size_t burst = 400;                            ///< messages allowed at once; 0 = unlimited
    std::size_t bytes_per_s = 1024 * 1024;              ///< per connection, in bytes; 0 = unlimited
    std::size_t outbox_bytes = 256 * 1024;              ///< unsent bytes kept for a connection
    std::size_t head_bytes = 8 * 1024;                  ///< HTTP request head, in bytes
    std::size_t head_fields = 64;                       ///< fields of the HTTP request head
    std::chrono::milliseconds handshake_timeout{5'000}; ///< accept to complete request (and TLS)
    std::chrono::milliseconds ping_interval{20'000};    ///< silence before a ping
    std::chrono::milliseconds pong_timeout{10'000};     ///< ping to its pong
    std::chrono::milliseconds read_timeout{0};          ///< no message for this long; 0 = never
    std::chrono::milliseconds write_timeout{10'000};    ///< the peer takes no byte for this long
    std::chrono::milliseconds close_timeout{2'000};     ///< close frame to the peer's answer
  };

  std::string listen = "127.0.0.1:8080"; ///< host:port or [IPv6]:port; port 0 = any free one
  std::size_t threads = 0;               ///< shards; 0 = one per core
  std::size_t workers = 0;               ///< threads for heavy rooms; 0 = one per core
  std::string log_level = "info";        ///< trace, debug, info, warn, error, critical or off
  std::string tls_cert{};                ///< PEM file of the certificate chain; empty = no TLS
  std::string tls_key{};                 ///< PEM file of the private key; with `tls_cert` only
  std::vector<std::string> origins{};    ///< allowed origins; empty = same host; "*" = any
  bool compression = false;              ///< offer permessage-deflate
  std::chrono::milliseconds drain_timeout{5'000}; ///< SIGTERM to exit, at most
  std::chrono::milliseconds room_idle{30'000};    ///< an empty room lives this long
  std::size_t rooms_per_connection = 64;          ///< rooms one connection may be in
  bool room_stats = false;                        ///< serve what game rooms cost over HTTP
  std::string record{};                           ///< where game rooms are recorded; empty = nowhere
  std::size_t record_bytes = 256 * 1024 * 1024;   ///< largest recording of one room, in bytes
  std::string simulate{};                         ///< "latency=100ms,rate=64kB/s"; empty = nothing
  bool bench = false;                             ///< add /echo, /ws and /rooms/NAME, unlimited
  std::chrono::milliseconds bench_flush{0};       ///< flush period of bench rooms; 0 = every turn
  struct limits limits = {};                      ///< the limits above

  /// The configuration of a program from its command line, the file named by `--config` and the
  /// process environment. Ends the process: `--help` prints every key and exits 0; an error
  /// prints one line to stderr and exits 2.
  static config from_args(int argc, char** argv);

  /// The same without a process: `args` are the words after the program's name.
  /// @throws config_error on the first problem. `--help` is an unknown option here.
  static config parse(const std::vector<std::string>& args, const environment& variables = {});

  /// Checks ranges and combinations, for a configuration that was filled in by hand.
  /// @throws config_error on the first problem.
  void validate() const;
};

} // namespace troupe
