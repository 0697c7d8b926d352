#pragma once
#include "troupe/bytes.hpp"
#include "troupe/refusal.hpp"
#include "troupe/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe {

/// What becomes of frames that are not in the form of a neffos message.
enum class neffos_natives : std::uint8_t {
  refused, ///< they are refused
  mixed,   ///< these are native messages
  only,    ///< every frame is a native message, whatever it holds
};

/// Who wrote a neffos message.
enum class neffos_origin : std::uint8_t {
  client,   ///< a client: its token is opaque and comes back byte for byte
  exchange, ///< another server, over a message bus: the token's place may hold routing marks
};

/// How to read neffos messages.
struct neffos_reading {
  neffos_natives natives = neffos_natives::refused;
  neffos_origin origin = neffos_origin::client;
};

/// One message of the neffos protocol, taken out of its frame.
///
/// Exists for those who carry neffos messages by other means than a socket of this server: over a
/// message bus, in a file, in a test. Handlers never need it.
///
/// Threading:  a plain value; distinct objects are independent.
/// Ownership:  owns its text.
struct neffos_message {
  std::string wait{};    ///< token that the answer must carry; empty: no answer is expected
  std::string exclude{}; ///< from an exchange: the socket that must not get the message
  std::string space{};   ///< namespace
  std::string room{};
  std::string event{};
  std::string body{}; ///< any bytes; the sentence if `is_error`
  bool is_error = false;
  bool is_noop = false;
  bool is_binary = false;     ///< travels in a binary frame
  bool is_native = false;     ///< the body travels alone, unless there is a token
  bool from_exchange = false; ///< the token had the mark of an exchange, which was taken off

  friend bool operator==(const neffos_message&, const neffos_message&) = default;
};

/// The frame's content: what clients and other neffos servers read.
///
/// An error without a text is not understood by clients of neffos, so it gets the text "error".
/// @throws std::invalid_argument  if `wait` or `exclude` holds a semicolon, or both are set.
std::string serialize(const neffos_message& message);

/// The message in a frame's content. `is_binary` says which kind of frame it was.
/// @returns `malformed_message` with the offset; also for empty content, which receivers ignore.
result<neffos_message, refusal> deserialize(byte_view content, bool is_binary = false,
                                            neffos_reading how = {});

/// Whether neffos itself gives the event its meaning: connecting and disconnecting namespaces,
/// joining and leaving rooms, and the notifications after them. Applications cannot emit these.
bool is_system_event(std::string_view event) noexcept;

} // namespace troupe
