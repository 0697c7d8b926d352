#pragma once
#include "troupe/bytes.hpp"

#include "protocol/frame.hpp"
#include "protocol/utf8.hpp"
#include "protocol/ws_writer.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <vector>

// What the codecs of the text protocols share: contents whose size is known before they are
// written, so that a frame costs one allocation.
//
// Threading:  pure functions and plain values.
// Errors:     std::bad_alloc only.

namespace troupe::protocol {

/// Copies pieces side by side into memory that somebody else measured.
///
/// Ownership:  none; the memory must be large enough for everything that is put.
class content_writer {
public:
  explicit content_writer(std::byte* to) noexcept : to_{to} {}

  content_writer& put(byte_view bytes) noexcept {
    to_ = std::copy(bytes.begin(), bytes.end(), to_);
    return *this;
  }
  content_writer& put(std::string_view text) noexcept { return put(as_bytes(text)); }
  content_writer& put(char c) noexcept {
    *to_++ = static_cast<std::byte>(c);
    return *this;
  }

private:
  std::byte* to_;
};

/// A server's frame with the `size` bytes that `write(content_writer&)` puts.
template <class Write>
frame_ptr make_content_frame(opcode type, std::size_t size, Write write) {
  auto result = frame_ptr::allocate(header_size(size) + size);
  auto* const begin = result.spare().data();
  const auto header = write_header(begin, type, size);
  content_writer writer{begin + header};
  write(writer);
  result.grow(header + size);
  return result;
}

/// The `size` bytes that `write(content_writer&)` puts, without a frame.
template <class Write>
std::vector<std::byte> make_content(std::size_t size, Write write) {
  std::vector<std::byte> result(size);
  content_writer writer{result.data()};
  write(writer);
  return result;
}

/// `wanted`; but binary where text was wanted and a piece is not UTF-8: peers drop connections
/// that send such text.
inline opcode type_for(opcode wanted, std::initializer_list<byte_view> pieces) noexcept {
  if (wanted != opcode::text)
    return wanted;
  return std::all_of(pieces.begin(), pieces.end(), is_valid_utf8) ? opcode::text : opcode::binary;
}

} // namespace troupe::protocol
