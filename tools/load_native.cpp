#include "tools/load_native.hpp"

#include <msgpack.hpp>

namespace troupe::load {

namespace {

std::string_view text_of(const msgpack::object& value) {
  return value.type == msgpack::type::STR ? std::string_view{value.via.str.ptr, value.via.str.size}
                                          : std::string_view{};
}

/// The elements of an array, none for anything else.
std::span<const msgpack::object> elements(const msgpack::object& value) {
  if (value.type != msgpack::type::ARRAY)
    return {};
  return {value.via.array.ptr, value.via.array.size};
}

std::optional<std::uint64_t> find_event(const msgpack::object& names, std::string_view name) {
  std::uint64_t number = 0;
  for (const auto& candidate : elements(names)) {
    if (text_of(candidate) == name)
      return number;
    ++number;
  }
  return std::nullopt;
}

std::uint64_t find_limit(const msgpack::object& limits, std::string_view name) {
  if (limits.type != msgpack::type::MAP)
    return 0;
  for (const auto& [key, value] : std::span{limits.via.map.ptr, limits.via.map.size})
    if (text_of(key) == name && value.type == msgpack::type::POSITIVE_INTEGER)
      return value.via.u64;
  return 0;
}

} // namespace

native_dialect::native_dialect(const options& settings)
    : settings_{settings}, peers_(settings.shape().connections()) {}

native_event native_dialect::receive(std::size_t connection, byte_view message) {
  const auto decoded = protocol::decode_server(message);
  if (!decoded)
    return {.what = native_event::kind::refused, .code = decoded.error().code};
  using protocol::operation;
  switch (decoded->op) {
  case operation::hello:
    return welcome(connection, *decoded);
  case operation::joined:
    peers_[connection].room = decoded->room;
    return {.what = native_event::kind::ready};
  case operation::room_event:
  case operation::reply:
    return {.what = native_event::kind::payload,
            .payload = decoded->payload,
            .sender = decoded->sender};
  case operation::error:
    return {.what = native_event::kind::refused, .code = decoded->code};
  default:
    return {};
  }
}

native_event native_dialect::welcome(std::size_t connection, const protocol::message& hello) {
  peers_[connection].id = hello.connection;
  if (!is_announced_)
    read_announcement(hello.payload);
  if (settings_.room.empty())
    return {.what = native_event::kind::ready};
  const auto join = protocol::encode_join(1, settings_.room_of(connection));
  return {.what = native_event::kind::answer, .reply = protocol::to_message(join, {})};
}

void native_dialect::read_announcement(byte_view payload) {
  is_announced_ = true;
  if (payload.empty())
    return;
  const auto text = as_text(payload);
  const auto handle = msgpack::unpack(text.data(), text.size());
  const auto parts = elements(handle.get());
  if (!parts.empty())
    event_number_ = find_event(parts[0], settings_.event);
  if (parts.size() > 1)
    announced_rate_ = find_limit(parts[1], "messages_per_s");
}

protocol::event_name native_dialect::event_name() const noexcept {
  if (event_number_)
    return {.number = *event_number_, .text = {}};
  return {.number = 0, .text = settings_.event};
}

protocol::envelope native_dialect::envelope_for(std::size_t connection) {
  auto& sender = peers_[connection];
  if (settings_.what == scenario::echo)
    return protocol::encode_ask(++sender.asks, event_name(), content_kind::raw);
  return protocol::encode_publish(sender.room, event_name(), content_kind::raw);
}

} // namespace troupe::load
