#pragma once
#include "game/token.hpp"
#include "net/uuid.hpp"

namespace troupe::game {

/// Errors: std::runtime_error if the system gives no randomness.
inline seat_token random_token() {
  return *seat_token::from_text(net::make_token());
}

} // namespace troupe::game
