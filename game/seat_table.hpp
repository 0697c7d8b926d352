#pragma once
#include "troupe/game/player.hpp"

#include "game/token.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

namespace troupe::game {

/// The seats of one room: free, reserved for who has a token, taken, or held for who dropped.
///
/// Times are those of the room's log. A seat is never in two of these states, and there are never
/// more than `max_players`, whatever is asked in whatever order.
///
/// Threading:  belongs to its room.
/// Errors:     by return values; unknown tokens and seats change nothing.
class seat_table {
public:
  using milliseconds = std::chrono::milliseconds;

  explicit seat_table(std::uint32_t count = 0) : seats_(count) {}

  /// @returns false if no seat is free, or the token already stands for one.
  bool reserve(const token_hash& token, milliseconds until);
  /// Gives a reserved seat back. @returns whether there was one.
  bool release(const token_hash& token);
  /// Takes the seat that is reserved; a token works once.
  /// @returns its number, or nothing: the token is unknown, used or expired.
  std::optional<std::uint32_t> redeem(const token_hash& token, milliseconds now);
  void hold(std::uint32_t seat, player_id who, milliseconds until);
  void resume(std::uint32_t seat);
  void free(std::uint32_t seat);

  /// What has ended by `now`.
  struct ended {
    std::uint32_t reservations = 0;   ///< their seats are free
    std::vector<player_id> players{}; ///< their seats are still held: let them leave
  };
  ended expire(milliseconds now);

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(seats_.size()); }
  std::uint32_t free_count() const noexcept { return count(state::free); }
  std::uint32_t reserved_count() const noexcept { return count(state::reserved); }

  auto saved() { return std::tie(seats_); }

private:
  enum class state : std::uint8_t { free, reserved, taken, held };
  struct chair {
    state is = state::free;
    milliseconds until{0};
    player_id who = 0;
    token_hash token{};
    auto saved() { return std::tie(is, until, who, token); }
  };

  chair* find_reserved(const token_hash& token) noexcept;
  std::uint32_t count(state wanted) const noexcept;

  std::vector<chair> seats_;
};

} // namespace troupe::game
