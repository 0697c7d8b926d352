#include "game/token.hpp"

#include <openssl/sha.h>

namespace troupe::game {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

token_hash sha256(const void* bytes, std::size_t size) noexcept {
  token_hash result;
  SHA256(static_cast<const unsigned char*>(bytes), size,
         reinterpret_cast<unsigned char*>(result.data()));
  return result;
}

} // namespace

std::string seat_token::text() const {
  std::string result;
  for (const auto each : bytes) {
    const auto value = std::to_integer<unsigned>(each);
    result += {digits[value >> 4], digits[value & 15]};
  }
  return result;
}

std::optional<seat_token> seat_token::from_text(std::string_view text) noexcept {
  seat_token result;
  if (text.size() != 2 * result.bytes.size())
    return {};
  for (std::size_t i = 0; i < result.bytes.size(); ++i) {
    const auto high = digits.find(text[2 * i]);
    const auto low = digits.find(text[2 * i + 1]);
    if (high == digits.npos || low == digits.npos)
      return {};
    result.bytes[i] = static_cast<std::byte>(high << 4 | low);
  }
  return result;
}

token_hash hash_of(const seat_token& token) noexcept {
  return sha256(token.bytes.data(), token.bytes.size());
}

token_hash hash_of(std::string_view password, const seat_token& salt) {
  const auto salted = salt.text() + std::string{password};
  return sha256(salted.data(), salted.size());
}

} // namespace troupe::game
