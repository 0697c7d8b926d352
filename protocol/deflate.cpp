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
  begin();
  const errc error = inflate_piece(in, limit, out);
  return error == errc::ok ? finish(limit, out) : error;
}

errc inflater::feed(byte_view in, std::size_t limit, std::vector<std::byte>& out) {
  return in.empty() ? errc::ok : inflate_piece(in, limit, out);
}

errc inflater::finish(std::size_t limit, std::vector<std::byte>& out) {
  errc error = errc::ok;
  if (!has_ended_)
    error = inflate_piece(flush_tail, limit, out);
  if (error == errc::ok && !has_ended_ && !is_between_blocks(*stream_))
    error = errc::protocol_error;
  begin();
  return error;
}

void inflater::begin() noexcept {
  inflateReset(stream_.get());
  has_ended_ = false;
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

byte_view deflater::compress(byte_view payload, int level, bool keeps_tail) {
  deflateReset(stream_.get());
  if (level != level_) {
    const bool is_huffman = level == compression::huffman_only;
    deflateParams(stream_.get(), is_huffman ? compression::balanced : level,
                  is_huffman ? Z_HUFFMAN_ONLY : Z_DEFAULT_STRATEGY);
    level_ = level;
  }
  set_input(*stream_, payload);
  buffer_.resize(deflateBound(stream_.get(), payload.size()) + 2 * flush_tail.size());
  set_output(*stream_, buffer_);
  deflate(stream_.get(), Z_SYNC_FLUSH);
  const auto tail = keeps_tail ? 0 : flush_tail.size();
  return byte_view{buffer_}.first(buffer_.size() - stream_->avail_out - tail);
}

frame_ptr deflater::make_frame(opcode op, byte_view payload, int level) {
  const auto packed = compress(payload, level, false);
  if (packed.size() >= payload.size())
    return protocol::make_frame(op, payload);
  return protocol::make_frame(op, packed, true);
}

frame_ptr deflater::make_fragment(opcode op, byte_view piece, message_place place, int level) {
  return protocol::make_fragment(op, compress(piece, level, !place.is_last), place, true);
}

deflater& thread_deflater() {
  thread_local deflater shared;
  return shared;
}

} // namespace troupe::protocol
