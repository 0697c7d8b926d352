#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace troupe {

/// Bytes somebody else owns; valid only as long as the documentation of the giver says.
using byte_view = std::span<const std::byte>;

/// The same memory seen as bytes. Ownership: none.
inline byte_view as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span{text.data(), text.size()});
}

/// The same memory seen as characters. Ownership: none.
inline std::string_view as_text(byte_view bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace troupe
