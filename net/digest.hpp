#pragma once
#include "troupe/bytes.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

// Digests by OpenSSL. All throw std::runtime_error if OpenSSL lacks the algorithm.

namespace troupe::net {

std::array<std::byte, 20> sha1(std::string_view text);
std::array<std::byte, 32> sha256(std::string_view text);

/// With padding, without line breaks.
std::string to_base64(byte_view bytes);

/// Two lower-case digits per byte.
std::string to_hex(byte_view bytes);

} // namespace troupe::net
