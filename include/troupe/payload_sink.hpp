#pragma once
#include "troupe/bytes.hpp"

#include <msgpack.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace troupe {

/// Collects the bytes that a `msgpack::packer` produces.
///
/// A type of its own because of the specialisations below: msgpack-cxx packs 2.0 as the integer 2,
/// and receivers that tell integers from floats would see a value change its type on its way.
/// Behind this sink floats stay floats and doubles doubles, wherever they are nested.
///
/// Threading:  distinct objects are independent.
/// Ownership:  owns the bytes until they are moved out.
class payload_sink {
public:
  /// Called by msgpack.
  void write(const char* from, std::size_t size) {
    const auto bytes = std::as_bytes(std::span{from, size});
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }

  void reserve(std::size_t size) { bytes_.reserve(size); }
  std::vector<std::byte> take() { return std::move(bytes_); }
  /// What was written so far, for who has to correct it.
  std::vector<std::byte>& bytes() noexcept { return bytes_; }

private:
  std::vector<std::byte> bytes_;
};

/// The packer that user types see in their `msgpack_pack`.
using payload_packer = msgpack::packer<payload_sink>;

} // namespace troupe

namespace msgpack {
MSGPACK_API_VERSION_NAMESPACE(v1) {

  template <>
  inline troupe::payload_packer& troupe::payload_packer::pack_float(float value) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    char bytes[5] = {'\xCA'};
    for (int i = 0; i < 4; ++i)
      bytes[1 + i] = static_cast<char>(bits >> (24 - 8 * i) & 0xFF);
    append_buffer(bytes, sizeof bytes);
    return *this;
  }

  template <>
  inline troupe::payload_packer& troupe::payload_packer::pack_double(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    char bytes[9] = {'\xCB'};
    for (int i = 0; i < 8; ++i)
      bytes[1 + i] = static_cast<char>(bits >> (56 - 8 * i) & 0xFF);
    append_buffer(bytes, sizeof bytes);
    return *this;
  }

} // MSGPACK_API_VERSION_NAMESPACE(v1)
} // namespace msgpack
