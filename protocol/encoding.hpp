#pragma once
#include "protocol/frame.hpp"
#include "protocol/native.hpp"
#include "protocol/opcode.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace troupe::protocol {

/// The protocols a WebSocket can speak above RFC 6455.
enum class wire : std::uint8_t {
  raw,    ///< whole messages without an envelope: nothing but payloads of events travel
  native, ///< `troupe.v1`
  neffos, ///< kataras/neffos: texts, namespaces, rooms
  iris,   ///< the websocket package of iris up to v11: texts
};

/// How bytes for one connection look: its protocol, and whether it takes compressed frames.
///
/// Connections with equal encodings share frames: a broadcast is encoded once per encoding that
/// is present among its recipients.
struct encoding {
  wire speaks = wire::raw;
  bool is_compressed = false;

  static constexpr std::size_t count = 8; ///< distinct encodings
  constexpr std::size_t index() const noexcept {
    return static_cast<std::size_t>(speaks) * 2 + (is_compressed ? 1 : 0);
  }
  static constexpr encoding at(std::size_t index) noexcept {
    return {.speaks = static_cast<wire>(index / 2), .is_compressed = index % 2 != 0};
  }
};

/// One message in each encoding that somebody needs.
using frame_set = std::array<frame_ptr, encoding::count>;

/// The frame that tells `what` to clients of `how`.
///
/// Native clients get a text as the only argument; raw clients get RAW payloads as binary messages
/// and texts as text messages.
/// neffos and iris clients get events only, whose arguments become texts (see `text_body`).
/// @returns none if the protocol has no way to say it: raw clients get no arguments.
/// Threading: any; compression uses working memory of the calling thread.
frame_ptr encode(encoding how, const message& what);

} // namespace troupe::protocol
