#pragma once
#include "protocol/native.hpp"
#include "protocol/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace troupe::protocol {

/// The part of a native message in front of its payload, built on the stack.
///
/// Exists so that a whole WebSocket frame costs one allocation: header, envelope and payload are
/// copied side by side into a `frame` (`encode_frame` in native_frame.hpp).
///
/// Threading:  distinct objects are independent.
/// Errors:     none; names longer than 128 bytes are a broken precondition and are cut.
class envelope {
public:
  /// Operation, four varints, a name in text and the head of a text: more than any operation has.
  static constexpr std::size_t max_size = 1 + 4 * max_varint_size + 2 + max_name_size + 6;

  byte_view bytes() const noexcept { return {bytes_.data(), size_}; }
  std::size_t size() const noexcept { return size_; }

  // -- for the encoders ----
  envelope& head(operation op, bool raw = false,
                 delivery_class cls = delivery_class::ordered) noexcept;
  envelope& number(std::uint64_t value) noexcept;
  envelope& text(std::string_view value) noexcept;
  envelope& name(const event_name& value) noexcept;
  envelope& marks(const delivery& how) noexcept;
  /// What `troupe.v1` needs in front of `size` bytes of `kind`: a text travels as the only
  /// argument, everything else as it is.
  envelope& opening(content_kind kind, std::size_t size) noexcept;

private:
  envelope& byte(std::size_t value) noexcept;
  envelope& characters(std::string_view value) noexcept;

  std::array<std::byte, max_size> bytes_; // only the first size_ are initialised
  std::size_t size_ = 0;
};

// Every function returns what stands in front of the payload; the payload follows as it is, behind
// `envelope::opening` if it may be a text.
// @pre names match `is_valid_name`, event numbers are at most 2^63 - 1, room numbers, connection
// ids and ids of asks are at least 1 where docs/wire-format.md says so.

// -- sent by both sides ----
envelope encode_ask(std::uint64_t ask_id, const event_name& name, content_kind kind) noexcept;
envelope encode_reply(std::uint64_t ask_id, content_kind kind) noexcept;
/// The payload is the text: UTF-8, up to the end of the message.
envelope encode_error(std::uint64_t ask_id, errc code) noexcept;
envelope encode_received(std::uint64_t count) noexcept;

// -- sent by clients ----
envelope encode_client_event(const event_name& name, content_kind kind,
                             const delivery& how = {}) noexcept;
envelope encode_join(std::uint64_t ask_id, std::string_view room) noexcept;
envelope encode_leave(std::uint64_t ask_id, std::uint64_t room) noexcept;
envelope encode_publish(std::uint64_t room, const event_name& name, content_kind kind,
                        const delivery& how = {}) noexcept;
envelope encode_client_clock(std::uint64_t client_time) noexcept;

// -- sent by servers ----
/// @param server_time_ms  milliseconds since the Unix epoch.
envelope encode_hello(std::uint64_t connection, std::uint64_t server_time_ms,
                      std::uint64_t version = native_version) noexcept;
envelope encode_server_event(const event_name& name, content_kind kind,
                             delivery_class cls = delivery_class::ordered) noexcept;
envelope encode_joined(std::uint64_t ask_id, std::uint64_t room, std::string_view name,
                       std::uint64_t members) noexcept;
envelope encode_left(std::uint64_t ask_id, std::uint64_t room, left_reason reason) noexcept;
/// @param sender  connection id; 0 = the server.
envelope encode_room_event(std::uint64_t room, std::uint64_t sender, const event_name& name,
                           content_kind kind,
                           delivery_class cls = delivery_class::ordered) noexcept;
envelope encode_presence(std::uint64_t room, presence_kind kind) noexcept;
/// @param server_time_us  microseconds since the Unix epoch.
envelope encode_server_clock(std::uint64_t client_time, std::uint64_t server_time_us) noexcept;
envelope encode_restarted(std::uint64_t room, std::uint64_t epoch) noexcept;

/// The whole message that `decode_client` would read as `value`.
/// @pre `value.op` is an operation that clients send, and its fields are in their ranges.
std::vector<std::byte> encode_client(const message& value);

/// The whole message that `decode_server` would read as `value`.
/// @pre `value.op` is an operation that servers send, and its fields are in their ranges.
std::vector<std::byte> encode_server(const message& value);

/// `front` and `payload` side by side: a whole message without a WebSocket header.
std::vector<std::byte> to_message(const envelope& front, byte_view payload);

} // namespace troupe::protocol
