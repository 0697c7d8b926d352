#pragma once
#include "troupe/bytes.hpp"
#include "troupe/errc.hpp"

#include "protocol/opcode.hpp"
#include "protocol/utf8.hpp"
#include "protocol/ws_header.hpp"
#include "protocol/ws_mask.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace troupe::protocol {

class inflater;

/// Bounds of what one peer may send; shared by all connections of an endpoint.
struct ws_limits {
  std::size_t max_message_bytes = std::size_t{64} * 1024; ///< payload of one message, inflated
  std::size_t max_fragments = 64; ///< data frames of one message, at least 1
  bool in_parts = false;          ///< report messages piece by piece; needs a `ws_part_handler`
};

/// What a `ws_reader` reports to, in the order of the wire.
///
/// `on_frame` comes once for every correct header, before the content of the frame, so that
/// floods which never complete a message (pings, empty fragments) can be counted;
/// `wire_bytes` counts header and payload. `on_message` gets text (checked UTF-8) or binary;
/// the memory may be modified and is valid only during the call, as are the views of the
/// others. `on_close` gets 1005 and no reason when the close frame was empty.
///
/// Returning false pauses: `feed` finishes the current frame, its content included, and
/// returns. A handler must not throw, and must neither feed nor destroy the reader.
template <typename T>
concept ws_handler = requires(T& handler, opcode op, std::span<std::byte> message, byte_view bytes,
                              std::uint16_t code, std::string_view reason, bool is_control_frame,
                              std::size_t wire_bytes) {
  { handler.on_frame(is_control_frame, wire_bytes) } -> std::same_as<bool>;
  { handler.on_message(op, message) } -> std::same_as<bool>;
  { handler.on_ping(bytes) } -> std::same_as<bool>;
  { handler.on_pong(bytes) } -> std::same_as<bool>;
  { handler.on_close(code, reason) } -> std::same_as<bool>;
};

/// A `ws_handler` that also takes messages as their bytes arrive, so that none is ever held whole.
///
/// With `ws_limits::in_parts` a message that does not lie whole in the input comes as calls of
/// `on_part` instead of one of `on_message`. Pieces are cut anywhere, also inside of a character;
/// text is checked as far as it came. Only the last may be empty. Empty frames alone count as
/// fragments then: all others bring bytes, which are counted anyhow.
template <typename T>
concept ws_part_handler = ws_handler<T> && requires(T& handler, opcode op,
                                                    std::span<std::byte> bytes,
                                                    message_place place) {
  { handler.on_part(op, bytes, place) } -> std::same_as<bool>;
};

/// Reads the WebSocket frames of one direction of one connection (RFC 6455, and RFC 7692 when
/// given an inflater), from input that may be cut anywhere.
///
/// A data message that lies whole in the input is unmasked where it is and handed up as a view:
/// no copy, no allocation. Heap memory is held only while a frame or message is incomplete, and
/// grows with the bytes that arrived, never with the length a peer declared. It does no I/O.
///
/// Threading:  distinct objects are independent; one object belongs to one thread.
/// Ownership:  keeps no reference to input, handler, limits or inflater between calls.
/// Errors:     `feed` reports errc::protocol_error, invalid_utf8, message_too_big,
///             policy_violation (too many fragments) or internal (out of memory). The reader
///             then consumes nothing more and repeats the error.
class ws_reader {
public:
  /// How far `feed` came.
  struct result {
    std::size_t consumed; ///< bytes of the input that are done with, less than all when paused
    errc error;           ///< errc::ok, or why the connection must be closed
  };

  explicit ws_reader(ws_role role) noexcept;
  ~ws_reader();
  ws_reader(ws_reader&& other) noexcept;
  ws_reader& operator=(ws_reader&& other) noexcept;

  /// Reads frames from `input` until it is used up, the handler pauses, the peer's close frame
  /// was reported, or an error. What was not consumed is to be fed again, in front of what
  /// arrives later; what was consumed has been overwritten by unmasking.
  /// @param inflate  non-null when permessage-deflate was negotiated; may be shared by all
  ///                 readers of a thread.
  template <ws_handler Handler>
  result feed(std::span<std::byte> input, Handler& handler, const ws_limits& limits,
              inflater* inflate = nullptr);

  /// Whether the peer's close frame was reported or an error occurred: nothing more is read.
  bool is_finished() const noexcept { return is_finished_; }

  /// Whether nothing is incomplete, so that no heap memory is held.
  bool is_idle() const noexcept { return partial_ == nullptr; }

private:
  struct partial;

  /// A data message in one frame that lies whole in the input; `wire_bytes` is 0 if there is none.
  struct whole_message {
    std::span<std::byte> payload;
    std::size_t wire_bytes = 0;
    opcode op = opcode::binary;
  };

  enum class step_kind : std::uint8_t { progress, message, part, ping, pong, close };

  /// What the general path made of (a part of) one frame.
  struct step {
    step_kind kind = step_kind::progress;
    opcode op = opcode::binary;     ///< `message` and `part`: text or binary
    message_place place{};          ///< `part` only
    bool is_control_frame = false;  ///< about the frame that began, if any
    std::uint16_t close_status = 0; ///< `close` only
    std::size_t consumed = 0;
    std::size_t wire_bytes = 0;     ///< of the frame that began in this step; 0 = none did
    std::span<std::byte> payload{}; ///< message, part, ping, pong, close reason
  };

  whole_message find_whole_message(std::span<std::byte> input,
                                   const ws_limits& limits) const noexcept;
  template <ws_handler Handler>
  bool deliver(const whole_message& message, Handler& handler);
  template <ws_handler Handler>
  bool deliver(const step& done, Handler& handler);

  step advance(std::span<std::byte> input, const ws_limits& limits, inflater* inflate) noexcept;
  step advance_frame(std::span<std::byte> input, const ws_limits& limits, inflater* inflate);
  header_verdict read_header(std::span<std::byte> input, ws_header& header, step& done);
  errc check_sequence(const ws_header& header, const ws_limits& limits,
                      const inflater* inflate) const;
  void read_whole_payload(const ws_header& header, const ws_limits& limits, inflater* inflate,
                          step& done);
  void read_partial_payload(const ws_limits& limits, inflater* inflate, step& done);
  void read_part(const ws_limits& limits, step& done);
  void read_control(opcode op, step& done);
  void read_close(step& done);
  void read_message(bool is_compressed, const ws_limits& limits, inflater* inflate, step& done);
  partial& make_partial();
  void release_partial() noexcept;
  void fail(errc error) noexcept;

  std::unique_ptr<partial> partial_; ///< null unless a frame or message is incomplete
  ws_role role_;
  bool is_finished_ = false;
  errc error_ = errc::ok;
};

inline ws_reader::whole_message
ws_reader::find_whole_message(std::span<std::byte> input, const ws_limits& limits) const noexcept {
  if (input.size() < 2)
    return {};
  const auto first = std::to_integer<std::uint8_t>(input[0]);
  if (first != 0x81 && first != 0x82) // final, no reserved bit, text or binary
    return {};
  const auto second = std::to_integer<std::uint8_t>(input[1]);
  const bool is_masked = (second & 0x80) != 0;
  if (is_masked != (role_ == ws_role::server))
    return {};
  std::size_t length = second & 0x7FU;
  std::size_t header = is_masked ? 6 : 2;
  if (length >= 126) {
    if (length == 127 || input.size() < 4)
      return {};
    length = (std::to_integer<std::size_t>(input[2]) << 8) | std::to_integer<std::size_t>(input[3]);
    if (length < 126)
      return {};
    header += 2;
  }
  if (input.size() < header || input.size() - header < length || length > limits.max_message_bytes)
    return {};
  return {input.subspan(header, length), header + length, static_cast<opcode>(first & 0x0F)};
}

template <ws_handler Handler>
bool ws_reader::deliver(const whole_message& message, Handler& handler) {
  const bool go_on = handler.on_frame(false, message.wire_bytes);
  if (role_ == ws_role::server)
    apply_mask(message.payload, load_mask(message.payload.data() - mask_key_bytes));
  if (message.op == opcode::text && !is_valid_utf8(message.payload)) {
    fail(errc::invalid_utf8);
    return false;
  }
  return handler.on_message(message.op, message.payload) && go_on;
}

template <ws_handler Handler>
bool ws_reader::deliver(const step& done, Handler& handler) {
  bool go_on = true;
  if (done.wire_bytes != 0)
    go_on = handler.on_frame(done.is_control_frame, done.wire_bytes);
  switch (done.kind) {
  case step_kind::progress:
    break;
  case step_kind::message:
    go_on = handler.on_message(done.op, done.payload) && go_on;
    break;
  case step_kind::part:
    if constexpr (ws_part_handler<Handler>)
      go_on = handler.on_part(done.op, done.payload, done.place) && go_on;
    break;
  case step_kind::ping:
    go_on = handler.on_ping(done.payload) && go_on;
    break;
  case step_kind::pong:
    go_on = handler.on_pong(done.payload) && go_on;
    break;
  case step_kind::close:
    handler.on_close(done.close_status, as_text(done.payload));
    break;
  }
  release_partial();
  return go_on && !is_finished_;
}

template <ws_handler Handler>
ws_reader::result ws_reader::feed(std::span<std::byte> input, Handler& handler,
                                  const ws_limits& limits, inflater* inflate) {
  std::size_t consumed = 0;
  bool go_on = !is_finished_;
  while (go_on && consumed != input.size()) {
    const auto rest = input.subspan(consumed);
    if (is_idle()) {
      if (const auto found = find_whole_message(rest, limits); found.wire_bytes != 0) {
        consumed += found.wire_bytes;
        go_on = deliver(found, handler);
        continue;
      }
    }
    const step done = advance(rest, limits, inflate);
    consumed += done.consumed;
    go_on = deliver(done, handler);
  }
  return {consumed, error_};
}

} // namespace troupe::protocol
