#pragma once
#include "troupe/bytes.hpp"

#include "protocol/close_code.hpp"
#include "protocol/native.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What both ends of a session of `troupe.v1` agree on; docs/wire-format.md, "Sessions".

namespace troupe::protocol {

/// Offered in `Sec-WebSocket-Protocol` by clients that can resume; alone, or followed by
/// ".<token>.<received>.<attempt>" to go on with a session.
inline constexpr std::string_view resume_protocol = "troupe.resume";

/// 128 bits in hexadecimal.
inline constexpr std::size_t session_token_size = 32;

/// A client closes a connection so that it takes for lost: its session goes on ("timeout" in IANA's
/// registry).
inline constexpr close_code comes_back{3008};

/// What the hello says about the session.
enum class session_outcome : std::uint8_t {
  none,    ///< this connection is no session
  fresh,   ///< a session begins
  resumed, ///< the session goes on: what was missed follows
  resync,  ///< a session begins; the one that was asked for cannot go on
};

/// "new", "resumed", "resync".
std::string_view to_string(session_outcome outcome) noexcept;
/// `none` if the text is not known.
session_outcome to_session_outcome(std::string_view text) noexcept;

/// Whether both ends count this message: ordered ones that belong to the conversation. Its first
/// byte decides.
constexpr bool is_counted(byte_view message) noexcept {
  if (message.empty() || (message[0] & std::byte{0xC0}) != std::byte{0})
    return false;
  const auto op = static_cast<operation>(message[0] & std::byte{0x1F});
  return op != operation::hello && op != operation::clock && op != operation::received;
}

/// How a client offers to resume.
struct resume_offer {
  std::string_view token{};   ///< empty: it begins a session
  std::uint64_t received = 0; ///< counted messages of the server that it has
  std::uint64_t attempt = 0;  ///< counts up: a late one must not take the place of a newer one
};

/// @returns nothing if `subprotocol` is no such offer, or a malformed one.
std::optional<resume_offer> read_resume_offer(std::string_view subprotocol) noexcept;
std::string to_subprotocol(const resume_offer& offer);

} // namespace troupe::protocol
