#pragma once
#include "net/url.hpp"
#include "tools/load_topology.hpp"
#include "tools/load_units.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace troupe::load {

enum class scenario : std::uint8_t { broadcast, echo, rooms, idle, churn, arena };
enum class wire : std::uint8_t {
  raw,    ///< each WebSocket message is one binary message of the scenario
  native, ///< troupe.v1: rooms for broadcast and rooms, asks for echo
};

std::string to_string(scenario value);
std::string to_string(wire value);

/// The command line cannot be carried out; the text is a full sentence for the user.
struct usage_error : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// Bounds that make a run fail (exit code 1). Correctness is strict unless loosened.
struct thresholds {
  std::optional<nanoseconds> max_p50;
  std::optional<nanoseconds> max_p99;
  std::optional<nanoseconds> max_p999;
  std::optional<nanoseconds> max_latency;
  std::optional<nanoseconds> max_handshake_p99;
  std::optional<nanoseconds> max_send_lag_p99;
  std::optional<nanoseconds> max_server_cpu; ///< per delivery
  std::optional<double> min_rate;            ///< deliveries/s; churn: connections/s
  std::uint64_t max_loss = 0;                ///< messages, per receiver
  std::uint64_t max_disorder = 0; ///< duplicated, reordered, misrouted and foreign messages
  std::uint64_t max_failures = 0; ///< connections refused, failed or cut off
};

/// What to do, as the command line says it, with defaults.
struct options {
  scenario what = scenario::broadcast;
  wire protocol = wire::raw;
  net::url target; ///< the target's path is the endpoint; "{}" is the group's number

  std::size_t connections = 100; ///< all scenarios but rooms
  std::size_t senders = 1;       ///< broadcast
  std::size_t rooms = 10;
  std::size_t members = 8;
  bool senders_receive = true;
  std::size_t message_bytes = 64;

  double rate = 0; ///< messages/s in total (churn: connections/s); 0 = closed loop
  std::size_t window = 1;
  std::size_t burst = 1;
  std::uint64_t seed = 1;

  nanoseconds ramp{0};
  nanoseconds warmup = std::chrono::seconds{1};
  nanoseconds duration = std::chrono::seconds{10};
  nanoseconds drain = std::chrono::seconds{5};
  nanoseconds connect_timeout = std::chrono::seconds{10};
  nanoseconds hold{0}; ///< churn
  std::size_t concurrent_handshakes = 256;
  std::size_t source_addresses = 1;

  std::string room;        ///< native; "{}" is the group's number
  std::string event;       ///< native
  std::string subprotocol; ///< offered in the handshake; empty = none
  std::vector<std::pair<std::string, std::string>> headers;
  std::string ca_file;     ///< wss: PEM file of trusted authorities; empty = the system's
  bool verify_peer = true; ///< wss: check certificate and host name

  std::vector<pid_t> pids;
  bool spin = false;
  bool quiet = false;
  std::string json; ///< file, "-" = standard output, empty = none
  thresholds limits;

  bool has_messages() const noexcept { return what != scenario::idle && what != scenario::churn; }
  bool is_open_loop() const noexcept { return rate > 0; }
  topology shape() const noexcept;
  /// The path of `connection`'s endpoint: "{}" replaced by the number of its group.
  std::string path_of(std::size_t connection) const;
  std::string room_of(std::size_t connection) const;
};

/// Fills in what depends on the scenario (path, room, event, subprotocol) and refuses what makes no
/// sense. Throws `usage_error`.
void complete(options& value);

} // namespace troupe::load
