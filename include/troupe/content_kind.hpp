#pragma once
#include <cstdint>

namespace troupe {

/// What the bytes of a payload are.
enum class content_kind : std::uint8_t {
  arguments, ///< one msgpack array, or no bytes: no arguments
  raw,       ///< bytes that nobody on the way looks into
  text,      ///< UTF-8: what clients send whose protocol has no typed arguments
};

} // namespace troupe
