#pragma once
#include "troupe/delivery.hpp"
#include "troupe/errc.hpp"
#include "troupe/ids.hpp"
#include "troupe/payload.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

/// How a client comes back after its connection was lost.
struct reconnect_options {
  bool enabled = true;                       ///< try again at all
  std::chrono::milliseconds first{250};      ///< wait before the first attempt
  std::chrono::milliseconds longest{15'000}; ///< waits double up to this
  double jitter = 0.5;                       ///< random part of each wait, 0 to 1
  std::size_t attempts = 0;                  ///< failures in a row before giving up; 0 = never
  bool rejoin = true;                        ///< join the same rooms again
  bool resume = true;                        ///< go on with the same connection if the server can
};

/// Everything a client can be told before it connects.
struct client_options {
  std::string url{};                                         ///< ws://host[:port]/path or wss://...
  std::vector<std::pair<std::string, std::string>> fields{}; ///< further HTTP request fields
  std::chrono::milliseconds connect_timeout{5'000};          ///< name lookup to the server's hello
  std::chrono::milliseconds ask_timeout{10'000};             ///< answers to ask, join and leave
  std::chrono::milliseconds idle_timeout{60'000};            ///< silence of the server; 0 = forever
  std::chrono::milliseconds close_timeout{2'000};            ///< for the closing handshake
  std::chrono::milliseconds clock_interval{15'000}; ///< between clock samples; 0 = no clock
  std::size_t outgoing_bytes = 1024 * 1024;         ///< unsent bytes before `emit` refuses
  std::size_t message_bytes = 16 * 1024 * 1024;     ///< largest message from the server
  std::string ca_file{};                            ///< PEM, for wss; empty = the system's
  bool verify_peer = true;                          ///< wss: check certificate and host name
  reconnect_options reconnect{};                    ///< after a connection was lost
};

/// How something ended.
struct client_status {
  errc code = errc::ok;         ///< `ok` = in order
  std::uint16_t close_code = 0; ///< of the server's close frame; 0 = there was none
  std::string text{};           ///< for people

  explicit operator bool() const noexcept { return code == errc::ok; }
};

/// What the server's hello says.
struct server_info {
  std::uint64_t version = 0;                     ///< of the protocol
  connection_id connection = 0;                  ///< this connection's id; 0 = not connected
  std::vector<std::string> events{};             ///< names of the registered events
  std::map<std::string, std::uint64_t> limits{}; ///< by name: message_bytes, messages_per_s, ...
  std::chrono::milliseconds grace{0}; ///< the server waits so long for this client; 0 = not at all
  bool is_resumed = false;            ///< it goes on with the connection that was lost
  bool is_resync = false;             ///< it cannot: what was on its way is lost
};

/// One connection in a room.
struct room_member {
  connection_id id = 0;
  std::string identity{}; ///< what the server's authorisation attached; empty = nothing

  friend bool operator==(const room_member&, const room_member&) = default;
};

/// A room that this client is in.
struct room_info {
  std::uint64_t number = 0; ///< on the wire
  std::string name{};
  std::uint64_t member_count = 0;     ///< this client included
  std::vector<room_member> members{}; ///< the server lists at most the first 1,000
};

/// Something happened to a room that this client is in, or to its membership.
struct room_change {
  enum class kind : std::uint8_t {
    joined,    ///< this client is in the room now
    left,      ///< this client is no longer in the room
    came,      ///< `who` came
    went,      ///< `who` went
    restarted, ///< the room failed and lost its state
  };
  /// Why this client left.
  enum class reason : std::uint8_t {
    asked = 0,
    removed = 1,
    room_closed = 2,
    room_failed = 3,
    connection_lost = 4, ///< for good; told to a `room_listener` only, as is
    refused = 5,         ///< the room did not take it again after a reconnect
  };

  kind what = kind::joined;
  std::string room{};
  std::vector<room_member> who{}; ///< joined: all members; came and went: those
  reason why = reason::asked;     ///< left only
};

/// One event, ask or room event as it arrived. Views are valid during the call only.
struct incoming {
  std::string_view event{};                     ///< its name
  payload_view content{};                       ///< its arguments, or raw bytes
  bool is_ask = false;                          ///< the server waits for an answer
  delivery_class cls = delivery_class::ordered; ///< how it was sent
  std::string_view room{};                      ///< empty = not from a room
  connection_id sender = 0;                     ///< of a room event; 0 = the server
};

/// An answer as it travels: to an ask of this client, or to one of the server.
struct reply {
  errc code = errc::ok;
  std::string text{}; ///< of an error, for people
  payload content{};

  explicit operator bool() const noexcept { return code == errc::ok; }
};

} // namespace troupe
