// The two payloads of troupe.v1 that the client itself reads: hello and lists of members.
// They have passed `check_payload`, so that unpacking is bounded.
#include "net/client_state.hpp"

#include <msgpack.hpp>

namespace troupe::net {
namespace {

using msgpack::type::object_type;

std::span<const msgpack::object> elements(const msgpack::object& value) {
  if (value.type != object_type::ARRAY)
    return {};
  return {value.via.array.ptr, value.via.array.size};
}

std::string text_of(const msgpack::object& value) {
  if (value.type != object_type::STR)
    return {};
  return {value.via.str.ptr, value.via.str.size};
}

/// Unpacks `payload` and hands it to `read`; bytes that are no msgpack leave `result` as it is.
template <class Result, class Read>
Result unpacked(byte_view payload, Read read) {
  Result result{};
  if (payload.empty())
    return result;
  try {
    const auto bytes = as_text(payload);
    const auto handle = msgpack::unpack(bytes.data(), bytes.size());
    read(handle.get(), result);
  } catch (const msgpack::unpack_error&) {
    return result;
  }
  return result;
}

std::span<const msgpack::object_kv> entries(const msgpack::object& value) {
  if (value.type != object_type::MAP)
    return {};
  return {value.via.map.ptr, value.via.map.size};
}

void read_session_field(std::string_view name, const msgpack::object& value, hello_session& to) {
  const auto number = value.type == object_type::POSITIVE_INTEGER ? value.via.u64 : 0;
  if (name == "outcome")
    to.outcome = protocol::to_session_outcome(text_of(value));
  else if (name == "token")
    to.token = text_of(value);
  else if (name == "received")
    to.received = number;
  else if (name == "grace_ms")
    to.grace_ms = number;
  else if (name == "ring_bytes")
    to.ring_bytes = number;
}

void read_limits(const msgpack::object& value, server_info& result) {
  for (const auto& [key, number] : entries(value))
    if (number.type == object_type::POSITIVE_INTEGER)
      result.limits.emplace(text_of(key), number.via.u64);
}

} // namespace

hello_session read_session(const protocol::message& from) {
  return unpacked<hello_session>(from.payload, [](const auto& value, hello_session& session) {
    const auto parts = elements(value);
    if (parts.size() > 2)
      for (const auto& [key, extra] : entries(parts[2]))
        if (text_of(key) == "session")
          for (const auto& [name, field] : entries(extra))
            read_session_field(text_of(name), field, session);
  });
}

server_info read_hello(const protocol::message& from) {
  auto result =
      unpacked<server_info>(from.payload, [](const msgpack::object& value, server_info& info) {
        const auto parts = elements(value);
        if (!parts.empty())
          for (const auto& event : elements(parts[0]))
            info.events.push_back(text_of(event));
        if (parts.size() > 1)
          read_limits(parts[1], info);
      });
  result.version = from.version;
  result.connection = from.connection;
  return result;
}

std::vector<room_member> read_members(byte_view payload) {
  return unpacked<std::vector<room_member>>(payload, [](const msgpack::object& value,
                                                        std::vector<room_member>& members) {
    for (const auto& one : elements(value)) {
      const auto parts = elements(one);
      if (!parts.empty() && parts[0].type == object_type::POSITIVE_INTEGER)
        members.push_back({parts[0].via.u64, parts.size() > 1 ? text_of(parts[1]) : std::string{}});
    }
  });
}

} // namespace troupe::net
