#pragma once
#include "troupe/bytes.hpp"
#include "troupe/refusal.hpp"

#include <cstddef>
#include <optional>

namespace troupe {

/// How complex a msgpack payload may be. The defaults are the limits of `troupe.v1`.
struct payload_limits {
  std::size_t depth = 16;   ///< arrays and maps inside each other, the outermost included; <= 64
  std::size_t nodes = 4096; ///< values of any kind, containers, keys and values of maps included
};

/// Judges msgpack before anybody allocates for it: exactly one value that fills `bytes`.
///
/// Walks the bytes once, without recursion or allocation. A container that promises more elements
/// than bytes are left is refused at its header, so that five bytes cannot ask for gigabytes.
/// Texts are not checked for UTF-8.
///
/// @returns nothing when `bytes` is acceptable; otherwise `malformed_message` (truncated, the
///          never-used byte 0xc1, or bytes behind the value), `payload_too_deep` or
///          `payload_too_complex`. O(number of values).
std::optional<refusal> check_msgpack(byte_view bytes, payload_limits limits = {}) noexcept;

/// The same for the payload of a message that is not RAW: one array (the arguments), or no bytes.
std::optional<refusal> check_payload(byte_view bytes, payload_limits limits = {}) noexcept;

} // namespace troupe
