#pragma once
#include "troupe/bytes.hpp"
#include "troupe/content_kind.hpp"
#include "troupe/delivery.hpp"
#include "troupe/errc.hpp"
#include "troupe/refusal.hpp"
#include "troupe/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::protocol {

/// The operations of `troupe.v1`; docs/wire-format.md lists their fields.
enum class operation : std::uint8_t {
  hello = 0,
  event = 1,
  ask = 2,
  reply = 3,
  error = 4,
  join = 5,
  leave = 6,
  joined = 7,
  left = 8,
  publish = 9,
  room_event = 10,
  presence = 11,
  clock = 12,
  restarted = 13,
  received = 14,
};

/// The subprotocol's name in `Sec-WebSocket-Protocol`.
inline constexpr std::string_view native_protocol = "troupe.v1";
inline constexpr std::uint64_t native_version = 1;
inline constexpr std::size_t max_name_size = 128;
inline constexpr std::uint64_t max_room_number = 0xFFFFFFFF;

/// Why a connection is no longer in a room. Receivers treat values they do not know as `asked`.
enum class left_reason : std::uint8_t { asked = 0, removed = 1, room_closed = 2, room_failed = 3 };

/// What happened to the connections that a presence message lists.
enum class presence_kind : std::uint8_t { came = 1, went = 2 };

/// An event's name on the wire: the number of a registered event, or text.
struct event_name {
  std::uint64_t number = 0; ///< at most 2^63 - 1; counts when `text` is empty
  std::string_view text;

  bool is_number() const noexcept { return text.empty(); }
  friend bool operator==(const event_name&, const event_name&) = default;
};

/// Whether `name` matches [A-Za-z0-9_.:/-]{1,128}: the grammar of events' and rooms' names.
bool is_valid_name(std::string_view name) noexcept;

/// Whether `name` can be one of a protocol that puts texts around its names: up to 128 bytes of UTF-8,
/// and not empty.
bool is_text_name(std::string_view name) noexcept;

/// What protocols with texts for names have to know beyond the numbers of `troupe.v1`.
///
/// Threading:  constant while the server runs.
struct dialect {
  std::string space;       ///< neffos: the namespace
  std::string iris_prefix; ///< iris: what event messages begin with
  bool iris_is_binary = false;
};

/// One message of `troupe.v1`: the operation, and the fields that this operation has. All other
/// fields keep their default.
///
/// Ownership:  `name`, `text` and `payload` are views into the bytes that were decoded.
struct message {
  operation op = operation::event;
  content_kind content = content_kind::arguments; ///< of the payload; never read as `text`
  delivery how{};                           ///< event, publish; from the server only its class
  errc code = errc::ok;                     ///< error; may be a number without enumerator
  left_reason reason = left_reason::asked;  ///< left
  presence_kind kind = presence_kind::came; ///< presence
  std::uint64_t ask_id = 0;                 ///< 0 = not an answer
  std::uint64_t room = 0;                   ///< number of the room, 1 to max_room_number
  std::uint64_t sender = 0;                 ///< room_event: connection id; 0 = the server
  event_name name{};                        ///< event, ask, publish, room_event
  std::string_view text{};                  ///< join, joined: the room's name; error: sentence
  std::uint64_t members = 0;                ///< joined: how many there are, you included
  std::uint64_t epoch = 0;                  ///< restarted: how often the room has restarted
  std::uint64_t count = 0;                  ///< received: so many messages of the session
  std::uint64_t version = 0;                ///< hello
  std::uint64_t connection = 0;             ///< hello: the receiver's connection id
  std::uint64_t client_time = 0;            ///< clock: opaque to the server
  std::uint64_t server_time = 0;            ///< since the Unix epoch; hello: ms, clock: us
  byte_view payload{};
  // for protocols with texts for names; `troupe.v1` does not look at them
  const dialect* names = nullptr;
  std::string_view room_text{};
  std::string_view event_text{};

  friend bool operator==(const message& a, const message& b) noexcept;
};

/// Decodes what a server accepts from a client.
///
/// Total: every input yields a message or a refusal; nothing is allocated or copied. A payload
/// that is not RAW has passed `check_payload`. Names in the result match the grammar, room numbers
/// and ids of asks are at least 1.
/// @returns `unknown_operation`, `malformed_message`, `bad_name`, `payload_too_deep` or
///          `payload_too_complex` with the offset into `bytes`.
result<message, refusal> decode_client(byte_view bytes) noexcept;

/// Decodes what a client accepts from a server. Clients must ignore messages that are refused as
/// `unknown_operation`: a later version may add operations.
result<message, refusal> decode_server(byte_view bytes) noexcept;

} // namespace troupe::protocol
