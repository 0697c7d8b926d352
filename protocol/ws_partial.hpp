#pragma once
#include "protocol/deflate.hpp"
#include "protocol/utf8.hpp"
#include "protocol/ws_header.hpp"
#include "protocol/ws_reader.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace troupe::protocol {

/// What a `ws_reader` must remember between two pieces of input: the beginning of a header, of a
/// frame, of a message, or (a control frame inside a fragmented message) two of them.
///
/// Exists only while something is incomplete.
struct ws_reader::partial {
  // The header in progress.
  std::array<std::byte, max_ws_header_bytes> header_bytes{};
  std::uint8_t header_size = 0;

  // The frame in progress.
  bool has_frame = false;
  ws_header frame;           ///< `key` is advanced with the payload
  std::uint64_t missing = 0; ///< bytes of payload still to come
  std::array<std::byte, max_control_bytes> control{};
  std::uint8_t control_size = 0;

  // The message in progress.
  bool has_message = false;
  bool is_compressed = false;
  opcode op = opcode::binary;
  utf8_validator utf8;
  std::size_t fragments = 0;        ///< in parts: the empty ones
  std::size_t received = 0;         ///< bytes of its payload so far
  std::vector<std::byte> message;   ///< empty when it is reported in parts
  std::vector<std::byte> inflated;  ///< in parts: the current one
  std::size_t reported = 0;         ///< in parts: bytes that were reported
  bool has_reported = false;        ///< in parts: the first one was reported
  std::unique_ptr<inflater> stream; ///< in parts and compressed: what came before the current one

  bool is_idle() const noexcept { return header_size == 0 && !has_frame && !has_message; }

  void begin_frame(const ws_header& header, bool in_parts);

  /// Unmasks `payload`, the next piece of the frame, and keeps it unless it is reported at once.
  /// @returns false when the text so far is not UTF-8.
  bool append(std::span<std::byte> payload, const ws_limits& limits);

  /// The bytes of the message that `payload`, unmasked, stands for: itself or what it inflates to.
  errc open_part(std::span<std::byte>& payload, const ws_limits& limits, bool is_last);

private:
  void append_control(std::span<std::byte> payload) noexcept;
  void keep(std::span<const std::byte> payload, const ws_limits& limits);
  void reserve(std::size_t count, const ws_limits& limits);
};

} // namespace troupe::protocol
