#include "protocol/native_encode.hpp"

#include <algorithm>

namespace troupe::protocol {

namespace {

constexpr bool is_raw(content_kind kind) noexcept {
  return kind == content_kind::raw;
}

/// `front` with the payload of `value`, as `troupe.v1` writes it.
std::vector<std::byte> with_payload(envelope front, const message& value) {
  return to_message(front.opening(value.content, value.payload.size()), value.payload);
}

std::vector<std::byte> encode_common(const message& value) {
  switch (value.op) {
  case operation::ask:
    return with_payload(encode_ask(value.ask_id, value.name, value.content), value);
  case operation::reply:
    return with_payload(encode_reply(value.ask_id, value.content), value);
  case operation::received:
    return to_message(encode_received(value.count), {});
  default:
    return to_message(encode_error(value.ask_id, value.code), as_bytes(value.text));
  }
}

} // namespace

// -- envelope ----

envelope& envelope::head(operation op, bool raw, delivery_class cls) noexcept {
  const auto byte =
      static_cast<unsigned>(op) | (raw ? 0x20U : 0U) | static_cast<unsigned>(cls) << 6;
  bytes_[size_++] = static_cast<std::byte>(byte);
  return *this;
}

envelope& envelope::byte(std::size_t value) noexcept {
  bytes_[size_++] = static_cast<std::byte>(value & 0xFF);
  return *this;
}

envelope& envelope::number(std::uint64_t value) noexcept {
  auto* const begin = bytes_.data();
  size_ = static_cast<std::size_t>(write_varint(begin + size_, value) - begin);
  return *this;
}

envelope& envelope::characters(std::string_view value) noexcept {
  const auto bytes = as_bytes(value);
  std::copy(bytes.begin(), bytes.end(), bytes_.data() + size_);
  size_ += bytes.size();
  return *this;
}

envelope& envelope::text(std::string_view value) noexcept {
  const auto cut = value.substr(0, max_name_size);
  return number(cut.size()).characters(cut);
}

envelope& envelope::name(const event_name& value) noexcept {
  if (value.is_number())
    return number(value.number << 1);
  const auto cut = value.text.substr(0, max_name_size);
  return number(cut.size() << 1 | 1).characters(cut);
}

envelope& envelope::marks(const delivery& how) noexcept {
  if (how.cls == delivery_class::latest)
    return number(how.key);
  if (how.cls == delivery_class::droppable)
    return number(how.priority).number(static_cast<std::uint64_t>(how.deadline.count()));
  return *this;
}

envelope& envelope::opening(content_kind kind, std::size_t size) noexcept {
  if (kind != content_kind::text)
    return *this;
  byte(0x91); // an array of one element
  if (size < 32)
    return byte(0xA0 | size);
  const auto width = size <= 0xFF ? 1 : size <= 0xFFFF ? 2 : 4;
  byte(width == 1 ? 0xD9 : width == 2 ? 0xDA : 0xDB);
  for (auto shift = 8 * (width - 1); shift >= 0; shift -= 8)
    byte(size >> shift);
  return *this;
}

// -- sent by both sides ----

envelope encode_ask(std::uint64_t ask_id, const event_name& name, content_kind kind) noexcept {
  return envelope{}.head(operation::ask, is_raw(kind)).number(ask_id).name(name);
}

envelope encode_reply(std::uint64_t ask_id, content_kind kind) noexcept {
  return envelope{}.head(operation::reply, is_raw(kind)).number(ask_id);
}

envelope encode_error(std::uint64_t ask_id, errc code) noexcept {
  return envelope{}.head(operation::error).number(ask_id).number(static_cast<std::uint64_t>(code));
}

envelope encode_received(std::uint64_t count) noexcept {
  return envelope{}.head(operation::received).number(count);
}

// -- sent by clients ----

envelope encode_client_event(const event_name& name, content_kind kind,
                             const delivery& how) noexcept {
  return envelope{}.head(operation::event, is_raw(kind), how.cls).marks(how).name(name);
}

envelope encode_join(std::uint64_t ask_id, std::string_view room) noexcept {
  return envelope{}.head(operation::join).number(ask_id).text(room);
}

envelope encode_leave(std::uint64_t ask_id, std::uint64_t room) noexcept {
  return envelope{}.head(operation::leave).number(ask_id).number(room);
}

envelope encode_publish(std::uint64_t room, const event_name& name, content_kind kind,
                        const delivery& how) noexcept {
  return envelope{}
      .head(operation::publish, is_raw(kind), how.cls)
      .marks(how)
      .number(room)
      .name(name);
}

envelope encode_client_clock(std::uint64_t client_time) noexcept {
  return envelope{}.head(operation::clock).number(client_time);
}

// -- sent by servers ----

envelope encode_hello(std::uint64_t connection, std::uint64_t server_time_ms,
                      std::uint64_t version) noexcept {
  return envelope{}
      .head(operation::hello)
      .number(version)
      .number(connection)
      .number(server_time_ms);
}

envelope encode_server_event(const event_name& name, content_kind kind,
                             delivery_class cls) noexcept {
  return envelope{}.head(operation::event, is_raw(kind), cls).name(name);
}

envelope encode_joined(std::uint64_t ask_id, std::uint64_t room, std::string_view name,
                       std::uint64_t members) noexcept {
  return envelope{}.head(operation::joined).number(ask_id).number(room).text(name).number(members);
}

envelope encode_left(std::uint64_t ask_id, std::uint64_t room, left_reason reason) noexcept {
  return envelope{}
      .head(operation::left)
      .number(ask_id)
      .number(room)
      .number(static_cast<std::uint64_t>(reason));
}

envelope encode_room_event(std::uint64_t room, std::uint64_t sender, const event_name& name,
                           content_kind kind, delivery_class cls) noexcept {
  return envelope{}
      .head(operation::room_event, is_raw(kind), cls)
      .number(room)
      .number(sender)
      .name(name);
}

envelope encode_presence(std::uint64_t room, presence_kind kind) noexcept {
  return envelope{}.head(operation::presence).number(room).number(static_cast<std::uint64_t>(kind));
}

envelope encode_server_clock(std::uint64_t client_time, std::uint64_t server_time_us) noexcept {
  return envelope{}.head(operation::clock).number(client_time).number(server_time_us);
}

envelope encode_restarted(std::uint64_t room, std::uint64_t epoch) noexcept {
  return envelope{}.head(operation::restarted).number(room).number(epoch);
}

// -- whole messages ----

std::vector<std::byte> encode_client(const message& value) {
  switch (value.op) {
  case operation::event:
    return with_payload(encode_client_event(value.name, value.content, value.how), value);
  case operation::publish:
    return with_payload(encode_publish(value.room, value.name, value.content, value.how), value);
  case operation::join:
    return to_message(encode_join(value.ask_id, value.text), value.payload);
  case operation::leave:
    return to_message(encode_leave(value.ask_id, value.room), {});
  case operation::clock:
    return to_message(encode_client_clock(value.client_time), {});
  default:
    return encode_common(value);
  }
}

std::vector<std::byte> encode_server(const message& value) {
  switch (value.op) {
  case operation::hello:
    return to_message(encode_hello(value.connection, value.server_time, value.version),
                      value.payload);
  case operation::event:
    return with_payload(encode_server_event(value.name, value.content, value.how.cls), value);
  case operation::joined:
    return to_message(encode_joined(value.ask_id, value.room, value.text, value.members),
                      value.payload);
  case operation::left:
    return to_message(encode_left(value.ask_id, value.room, value.reason), {});
  case operation::room_event:
    return with_payload(
        encode_room_event(value.room, value.sender, value.name, value.content, value.how.cls),
        value);
  case operation::presence:
    return to_message(encode_presence(value.room, value.kind), value.payload);
  case operation::clock:
    return to_message(encode_server_clock(value.client_time, value.server_time), {});
  case operation::restarted:
    return to_message(encode_restarted(value.room, value.epoch), {});
  default:
    return encode_common(value);
  }
}

std::vector<std::byte> to_message(const envelope& front, byte_view payload) {
  std::vector<std::byte> result;
  result.reserve(front.size() + payload.size());
  result.insert(result.end(), front.bytes().begin(), front.bytes().end());
  result.insert(result.end(), payload.begin(), payload.end());
  return result;
}

} // namespace troupe::protocol
