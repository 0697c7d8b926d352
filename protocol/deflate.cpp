#include "protocol/deflate.hpp"

#include "protocol/ws_writer.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>
#include <zlib.h>

namespace troupe::protocol {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{16} * 1024;

/// What ends every sync flush; removed from messages on the wire (RFC 7692 section 7.2.1).
constexpr std::array<std::byte, 4> flush_tail{std::byte{0x00}, std::byte{0x00}, std::byte{0xFF},
                                              std::byte{0xFF}};

void set_input(z_stream& stream, byte_view bytes) noexcept {
  // zlib's interface predates const; it does not write through next_in.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
}

void set_output(z_stream& stream, std::span<std::byte> room) noexcept {
  stream.next_out = reinterpret_cast<Bytef*>(room.data());
  stream.avail_out = static_cast<uInt>(room.size());
}

bool is_between_blocks(const z_stream& stream) noexcept {
  return (stream.data_type & 128) != 0; // documented at zlib's inflate()
}

} // namespace

inflater::inflater() : stream_{std::make_unique<z_stream>()}, chunk_(chunk_bytes) {
  if (inflateInit2(stream_.get(), -15) != Z_OK)
    throw std::bad_alloc{};
}

inflater::~inflater() {
  inflateEnd(stream_.get());
}

errc inflater::inflate(byte_view in, std::size_t limit, std::vector<std::byte>& out) {
  out.clear();
  inflateReset(stream_.get());
  has_ended_ = false;
  if (const errc error = inflate_piece(in, limit, out); error != errc::ok)
    return error;
  if (has_ended_)
    return errc::ok;
  if (const errc error = inflate_piece(flush_tail, limit, out); error != errc::ok)
    return error;
  return has_ended_ || is_between_blocks(*stream_) ? errc::ok : errc::protocol_error;
}

errc inflater::inflate_piece(byte_view piece, std::size_t limit, std::vector<std::byte>& out) {
  set_input(*stream_, piece);
  do {
    if (has_ended_) {
      inflateReset(stream_.get()); // data goes on behind a block that was marked as final
      has_ended_ = false;
    }
    set_output(*stream_, chunk_);
    const int status = ::inflate(stream_.get(), Z_SYNC_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
      return errc::protocol_error;
    has_ended_ = status == Z_STREAM_END;
    const auto written = chunk_.size() - stream_->avail_out;
    if (written > limit - out.size())
      return errc::message_too_big;
    out.insert(out.end(), chunk_.begin(), chunk_.begin() + static_cast<std::ptrdiff_t>(written));
  } while (stream_->avail_in != 0 || stream_->avail_out == 0);
  return errc::ok;
}

deflater::deflater(int window_bits) : stream_{std::make_unique<z_stream>()} {
  constexpr int memory_level = 8;
  if (window_bits < 9 || window_bits > 15)
    throw std::invalid_argument{"The window of permessage-deflate must have 9 to 15 bits."};
  if (deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, -window_bits, memory_level,
                   Z_DEFAULT_STRATEGY)
      != Z_OK)
    throw std::bad_alloc{};
}

deflater::~deflater() {
  deflateEnd(stream_.get());
}

frame_ptr deflater::make_frame(opcode op, byte_view payload) {
  deflateReset(stream_.get());
  set_input(*stream_, payload);
  buffer_.resize(deflateBound(stream_.get(), payload.size()) + 2 * flush_tail.size());
  set_output(*stream_, buffer_);
  deflate(stream_.get(), Z_SYNC_FLUSH);
  const auto size = buffer_.size() - stream_->avail_out - flush_tail.size();
  if (size >= payload.size())
    return protocol::make_frame(op, payload);
  return protocol::make_frame(op, byte_view{buffer_}.first(size), true);
}

} // namespace troupe::protocol
