#pragma once
#include "tools/load_histogram.hpp"
#include "tools/load_options.hpp"
#include "tools/load_traffic.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace troupe::load {

/// Why a run ended.
enum class ending : std::uint8_t {
  finished,
  interrupted,   ///< Ctrl-C
  stalled,       ///< closed loop: nothing arrived for four seconds
  not_connected, ///< no connection could be established
};

std::string to_string(ending value);

/// How the connections fared.
struct connection_result {
  std::size_t wanted = 0;
  std::uint64_t opened = 0;    ///< ready for the scenario; churn: all cycles
  std::uint64_t failed = 0;    ///< not established
  std::uint64_t lost = 0;      ///< ended although nobody here asked for it
  std::uint64_t unclean = 0;   ///< closed without the server's close frame
  nanoseconds connect_time{0}; ///< from the first connect to the last 101 (native: hello, joined)
  histogram handshake;         ///< from connect to ready
  histogram closing;           ///< churn: from the close frame to the end of the TCP connection
  std::uint64_t cycles = 0;    ///< churn: opened and closed while measuring
  std::map<std::string, std::uint64_t> problems; ///< reasons of failed, lost and refused
};

/// What the processes named by --pid used.
struct server_result {
  nanoseconds connect_cpu{0}; ///< while connecting
  nanoseconds cpu{0};         ///< while measuring
  nanoseconds starved{0}; ///< while measuring: ready to run without a core, all threads together
  std::uint64_t memory_before = 0; ///< bytes, before the first connection
  std::uint64_t memory_after = 0;  ///< bytes, with all connections open
};

/// What this program used.
struct client_result {
  double cpu_share = 0;           ///< CPU time of the measured time; 1 = one core
  double busy_share = 0;          ///< time not spent waiting for events
  double starved_share = 0;       ///< time in which it was ready to run and had no core
  double deliveries_per_read = 0; ///< messages per recv while measuring
};

/// Everything a report is made of.
struct run_result {
  options settings;
  ending ended = ending::finished;
  nanoseconds measured{0};
  connection_result connections;
  traffic_counts counts;     ///< while measuring
  std::uint64_t arrived = 0; ///< deliveries of the whole run
  std::uint64_t skipped = 0; ///< open loop: due, but the sender was gone
  check_counts checks;       ///< of the whole run
  histogram latency;
  histogram send_lag;                            ///< open loop only
  std::uint64_t resyncs = 0; ///< arena: states that had to be sent again as a whole
  std::map<std::string, std::uint64_t> refusals; ///< native: errors that the server sent
  std::uint64_t announced_rate = 0; ///< native: messages/s per connection that the server allows
  client_result client;
  std::optional<server_result> server;
};

/// The share of a core above which the client, not the server, sets the pace.
inline constexpr double bottleneck_share = 0.85;

} // namespace troupe::load
