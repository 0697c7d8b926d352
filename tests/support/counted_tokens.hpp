#pragma once
#include "game/token.hpp"

#include <cstdint>
#include <functional>

namespace troupe::test {

/// Tokens 1, 2, 3, ...: nobody could keep them apart worse, and tests can read them.
inline std::function<game::seat_token()> counted_tokens() {
  return [last = std::uint64_t{0}]() mutable {
    game::seat_token result;
    ++last;
    for (std::size_t i = 0; i < 8; ++i)
      result.bytes[i] = static_cast<std::byte>(last >> (8 * i) & 0xFF);
    return result;
  };
}

} // namespace troupe::test
