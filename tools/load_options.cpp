#include "tools/load_options.hpp"

#include "protocol/native.hpp"
#include "tools/load_stamp.hpp"

#include <spdlog/fmt/fmt.h>
#include <string_view>

namespace troupe::load {

namespace {

constexpr std::size_t max_connections = 1'000'000;
constexpr std::size_t max_streams = 50'000'000; ///< pairs of receiver and sender: 800 MB
constexpr std::size_t max_window = 65'536;
constexpr std::size_t max_source_addresses = 254;
constexpr std::size_t max_message_bytes = 16 * 1024 * 1024;

std::string replace_number(std::string text, std::size_t number) {
  if (const auto at = text.find("{}"); at != std::string::npos)
    text.replace(at, 2, std::to_string(number));
  return text;
}

void require(bool condition, std::string_view sentence) {
  if (!condition)
    throw usage_error{std::string{sentence}};
}

std::string default_path(const options& value) {
  if (value.what == scenario::arena)
    return "/rooms";
  if (value.protocol == wire::native)
    return "/native";
  switch (value.what) {
  case scenario::rooms:
    return "/rooms/{}";
  case scenario::broadcast:
    return "/ws";
  case scenario::echo:
  case scenario::idle:
  case scenario::churn:
  case scenario::arena:
    break;
  }
  return "/echo";
}

/// Bots know one protocol and have a clock.
void fill_in_arena(options& value) {
  constexpr double inputs_per_s = 8; // of each
  value.protocol = wire::native;
  if (!value.is_open_loop())
    value.rate = inputs_per_s * static_cast<double>(value.connections);
}

void fill_in(options& value) {
  if (value.what == scenario::arena)
    fill_in_arena(value);
  if (value.target.target == "/")
    value.target.target = default_path(value);
  if (value.protocol != wire::native)
    return;
  if (value.subprotocol.empty())
    value.subprotocol = protocol::native_protocol;
  if (value.event.empty())
    value.event = value.what == scenario::echo ? "echo" : "load";
  if (value.room.empty() && value.what == scenario::broadcast)
    value.room = "load";
  if (value.room.empty() && value.what == scenario::rooms)
    value.room = "load-{}";
}

void check_counts(const options& value) {
  const auto shape = value.shape();
  require(value.connections >= 1 && value.rooms >= 1 && value.members >= 1,
          "At least one connection, room and member is needed.");
  require(shape.connections() <= max_connections, "More than 1,000,000 connections are refused.");
  require(shape.senders_per_group >= 1 && shape.senders_per_group <= shape.group_size,
          "--senders must be between 1 and the number of connections.");
  require(shape.senders_receive || shape.group_size >= 2,
          "--no-self leaves a group of one connection without any receiver.");
  require(shape.connections() * shape.senders_per_group <= max_streams,
          "So many pairs of sender and receiver do not fit in memory; use fewer senders.");
  require(value.message_bytes >= stamp_bytes && value.message_bytes <= max_message_bytes,
          "--size must be between 24 bytes (the stamp of a message) and 16 MiB.");
  require(value.window >= 1 && value.window <= max_window, "--window must be 1 to 65,536.");
  require(value.burst >= 1, "--burst must be at least 1.");
  require(value.source_addresses >= 1 && value.source_addresses <= max_source_addresses,
          "--source-addresses must be 1 to 254.");
  require(value.concurrent_handshakes >= 1, "--concurrent-handshakes must be at least 1.");
}

void check_names(const options& value) {
  require(value.target.secure || (value.ca_file.empty() && value.verify_peer),
          "--ca-file and --insecure belong to wss://.");
  require(value.what != scenario::rooms || value.protocol == wire::native
              || value.target.target.find("{}") != std::string::npos,
          "The path of raw rooms needs {} where the room's number goes, as in /rooms/{}.");
  if (value.protocol == wire::raw) {
    require(value.room.empty() && value.event.empty(),
            "--room and --event belong to --protocol native.");
    return;
  }
  require(protocol::is_valid_name(value.event),
          "--event must be 1 to 128 of the characters A-Z a-z 0-9 _ . : / -");
  require(value.room.empty() || protocol::is_valid_name(replace_number(value.room, 0)),
          "--room must be 1 to 128 of the characters A-Z a-z 0-9 _ . : / - (and {} for a number)");
  require(value.what != scenario::rooms || value.room.find("{}") != std::string::npos,
          "--room needs {} where the room's number goes, as in load-{}.");
}

} // namespace

std::string to_string(scenario value) {
  switch (value) {
  case scenario::broadcast:
    return "broadcast";
  case scenario::echo:
    return "echo";
  case scenario::rooms:
    return "rooms";
  case scenario::idle:
    return "idle";
  case scenario::churn:
    return "churn";
  case scenario::arena:
    break;
  }
  return "arena";
}

std::string to_string(wire value) {
  return value == wire::raw ? "raw" : "native";
}

topology options::shape() const noexcept {
  if (what == scenario::broadcast)
    return {1, connections, senders, senders_receive};
  if (what == scenario::rooms)
    return {rooms, members, members, senders_receive};
  return {connections, 1, 1, true}; // arena: the server tells who plays with whom
}

std::string options::path_of(std::size_t connection) const {
  return replace_number(target.target, shape().group_of(connection));
}

std::string options::room_of(std::size_t connection) const {
  return replace_number(room, shape().group_of(connection));
}

void complete(options& value) {
  fill_in(value);
  check_counts(value);
  check_names(value);
  require(value.rate >= 0 && value.rate <= 1e9,
          "--rate must be above 0 and at most 1e9 per second.");
  require(value.has_messages() || value.what == scenario::churn || !value.is_open_loop(),
          "--rate has no meaning for the idle scenario.");
  require(value.duration.count() > 0, "--duration must be longer than 0.");
}

} // namespace troupe::load
