#pragma once
#include "troupe/bytes.hpp"
#include "troupe/compression.hpp"
#include "troupe/errc.hpp"

#include "protocol/frame.hpp"
#include "protocol/opcode.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct z_stream_s;

namespace troupe::protocol {

/// The base-2 logarithm of the largest window that the server compresses with.
inline constexpr int default_window_bits = 15;

/// Answers a `Sec-WebSocket-Extensions` request header (RFC 7692).
///
/// The first acceptable permessage-deflate offer is taken, always without context takeover in
/// both directions, so that compressing needs no state per connection and one compressed frame
/// serves every recipient. An offer with an unknown, repeated or invalid parameter is passed
/// over, as is one that wants the server's window smaller than `window_bits`.
/// @param window_bits  the window of the `deflater` in use, 9 to 15.
/// @returns the value of the response header; nothing when no offer is acceptable, in which
///          case the connection goes on uncompressed.
std::optional<std::string> negotiate_deflate(std::string_view sec_websocket_extensions,
                                             int window_bits = default_window_bits);

/// Whether `sec_websocket_extensions`, the answer of a server, is an acceptable one to the offer
/// of permessage-deflate without context takeover in both directions: both are confirmed, and
/// nothing else is asked of the client.
bool fits_deflate_offer(std::string_view sec_websocket_extensions) noexcept;

/// Inflates permessage-deflate messages.
///
/// No state outlives a message, so one object serves all connections of a thread; only a message
/// that is inflated as it arrives needs an object of its own until it is complete.
///
/// Threading:  distinct objects are independent; one object belongs to one thread.
/// Ownership:  owns about 50 KiB of working memory.
/// Errors:     the constructor throws std::bad_alloc; `inflate` returns its errors.
class inflater {
public:
  inflater();
  ~inflater();
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;

  /// Replaces `out` by the inflated `in`, the payload of one whole message.
  /// @returns errc::message_too_big as soon as more than `limit` bytes come out, so that a bomb
  ///          costs no more than the limit; errc::protocol_error when `in` is not deflated data.
  errc inflate(byte_view in, std::size_t limit, std::vector<std::byte>& out);

  /// Appends the inflated `in`, the next bytes of a message, to `out`, which grows to at most
  /// `limit` bytes. A new object, and one after `finish`, begins a message.
  errc feed(byte_view in, std::size_t limit, std::vector<std::byte>& out);
  /// Ends the message: there is no more input.
  errc finish(std::size_t limit, std::vector<std::byte>& out);

private:
  void begin() noexcept;
  errc inflate_piece(byte_view piece, std::size_t limit, std::vector<std::byte>& out);

  std::unique_ptr<z_stream_s> stream_;
  std::vector<std::byte> chunk_;
  bool has_ended_ = false; ///< the last piece ended with a block that was marked as final
};

/// Deflates messages into whole server frames.
///
/// No state outlives a message, so one object serves all connections of a thread, and the frames
/// may be shared by all connections that negotiated permessage-deflate.
///
/// Threading:  distinct objects are independent; one object belongs to one thread.
/// Ownership:  owns up to 256 KiB of working memory, plus a buffer as large as the largest message.
/// Errors:     the constructor throws std::bad_alloc, or std::invalid_argument for window bits
///             outside 9 to 15.
class deflater {
public:
  explicit deflater(int window_bits = default_window_bits);
  ~deflater();
  deflater(const deflater&) = delete;
  deflater& operator=(const deflater&) = delete;

  /// A frame with `payload`, compressed (RSV1 set); not compressed when that is not smaller.
  /// @pre `level` is -2 to 9, see `troupe::compression`
  frame_ptr make_frame(opcode op, byte_view payload, int level = compression::balanced);

  /// A fragment of a compressed message. The pieces are compressed one by one and inflate as one
  /// stream, so that nothing is kept between them.
  frame_ptr make_fragment(opcode op, byte_view piece, message_place place,
                          int level = compression::balanced);

  /// The compressed `payload`, valid until the next call. @param keeps_tail  it is a piece of a
  /// message, and not the last one.
  byte_view compress(byte_view payload, int level, bool keeps_tail);

private:
  std::unique_ptr<z_stream_s> stream_;
  std::vector<std::byte> buffer_;
  int level_ = compression::balanced;
};

/// The calling thread's own deflater, made on first use.
///
/// It is what a pool of write buffers would be: connections hold no memory for compression.
deflater& thread_deflater();

} // namespace troupe::protocol
