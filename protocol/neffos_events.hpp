#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Names, tokens and error texts that have a meaning in the neffos protocol.
//
// Threading:  pure functions, safe from any thread.
// Errors:     none.

namespace troupe::protocol {

/// The events that neffos itself defines. `none` is every other event.
enum class neffos_event : std::uint8_t {
  none,
  namespace_connect,    ///< request
  namespace_connected,  ///< notification on one side, never a frame
  namespace_disconnect, ///< request
  room_join,            ///< request
  room_joined,          ///< notification
  room_leave,           ///< request
  room_left,            ///< notification; neffos.js sends it where it means `room_leave`
  any_event,            ///< key of the handler for events without their own
  native_message,       ///< a frame without fields
};

/// Names on the wire, in the order of `neffos_event`.
inline constexpr std::array<std::string_view, 10> neffos_event_names = {
    "",
    "_OnNamespaceConnect",
    "_OnNamespaceConnected",
    "_OnNamespaceDisconnect",
    "_OnRoomJoin",
    "_OnRoomJoined",
    "_OnRoomLeave",
    "_OnRoomLeft",
    "_OnAnyEvent",
    "_OnNativeMessage",
};

constexpr std::string_view to_string(neffos_event event) noexcept {
  return neffos_event_names[static_cast<std::size_t>(event)];
}

/// What `name` means to neffos.
neffos_event to_neffos_event(std::string_view name) noexcept;

/// Whether a message with this event asks for a change of state and is answered.
constexpr bool is_request(neffos_event event) noexcept {
  using enum neffos_event;
  return event == namespace_connect || event == namespace_disconnect || event == room_join
         || event == room_leave;
}

/// Whether a client that sends this event pretends to be the other side's library. `any_event`
/// and the notifications would run handlers that only the server itself may call.
constexpr bool is_spoofed(neffos_event event) noexcept {
  using enum neffos_event;
  return event == namespace_connected || event == room_joined || event == room_left
         || event == any_event;
}

// -- wait tokens ----

/// Whether `wait` can be a message's token: anything without a semicolon.
constexpr bool is_valid_wait(std::string_view wait) noexcept {
  return wait.find(';') == std::string_view::npos;
}

/// Whether a client made the token for a question of its own.
constexpr bool is_client_wait(std::string_view wait) noexcept {
  return wait.starts_with('$');
}

/// Whether the message is always an answer, on either side.
constexpr bool is_confirmation(std::string_view wait) noexcept {
  return wait.starts_with('#');
}

/// Whether a server must look for a question of its own with this token. If there is none, the
/// message is a late answer, or a client's event whose token has no prefix.
constexpr bool is_answer_wait(std::string_view wait) noexcept {
  return !wait.empty() && !is_client_wait(wait);
}

/// Whether `make_wait` can have made the token.
bool is_own_wait(std::string_view wait) noexcept;

/// The token of a server's question: decimal digits. Clients take other prefixes for answers.
std::string make_wait(std::uint64_t number);

// -- errors ----

/// Texts that every neffos library maps to an error value; they must match exactly.
namespace neffos_error {
inline constexpr std::string_view bad_namespace = "bad namespace";
inline constexpr std::string_view bad_room = "bad room";
inline constexpr std::string_view write_closed = "write closed";
inline constexpr std::string_view invalid_payload = "invalid payload";
} // namespace neffos_error

bool is_known_error(std::string_view text) noexcept;

} // namespace troupe::protocol
