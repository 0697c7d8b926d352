#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::game {

/// 128 secret bits that stand for a seat. Whoever makes one takes them from a good random device.
struct seat_token {
  std::array<std::byte, 16> bytes{};

  std::string text() const; ///< 32 hexadecimal digits
  /// @returns nothing unless `text` is what `text()` returns for some token.
  static std::optional<seat_token> from_text(std::string_view text) noexcept;

  friend bool operator==(const seat_token&, const seat_token&) = default;
};

/// What is kept of a token: its SHA-256. Nobody can get in with a copy of a room's memory, snapshot
/// or recording.
using token_hash = std::array<std::byte, 32>;

token_hash hash_of(const seat_token& token) noexcept;
/// The same for a password and the salt that is kept beside its hash.
token_hash hash_of(std::string_view password, const seat_token& salt);

} // namespace troupe::game
