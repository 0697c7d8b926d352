#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace troupe::game {

/// Names one player within its room: from 1 in the order of joining, never reused.
using player_id = std::uint64_t;

/// Somebody who holds a seat in a room, whether connected at the moment or not.
///
/// What a game knows about a player belongs into the room's own state, under the player's `id` or
/// `seat`: only what `saved()` of the room names survives a restore.
///
/// Threading:  belongs to its room.
/// Lifetime:   a reference is good until the hook that it was passed to returns.
class player {
public:
  player() = default;
  player(player_id id, std::uint32_t seat, std::string identity)
      : id_{id}, seat_{seat}, identity_{std::move(identity)} {}

  player_id id() const noexcept { return id_; }
  /// 0 ... max_players - 1; given to somebody else after the player has left.
  std::uint32_t seat() const noexcept { return seat_; }
  /// What `authorize` attached to the connection that joined.
  std::string_view identity() const noexcept { return identity_; }
  /// False: dropped, and the seat is held for a while.
  bool is_connected() const noexcept { return is_connected_; }
  /// Half a second's patches are under way to it, and it confirms none: what is sent to it now will
  /// wait in a line. It is shown the state when it has caught up; events are its room's choice.
  bool is_slow() const noexcept { return is_slow_; }
  /// The sequence of the newest input that a tick has used: what its client may forget.
  std::uint64_t last_input() const noexcept { return last_input_; }

  auto saved() { return std::tie(id_, seat_, is_connected_, is_slow_, last_input_, identity_); }

private:
  friend class room_core;

  player_id id_ = 0;
  std::uint32_t seat_ = 0;
  bool is_connected_ = true;
  bool is_slow_ = false;
  std::uint64_t last_input_ = 0;
  std::string identity_;
};

/// Why a player is no longer in.
enum class leave_reason : std::uint8_t {
  asked,       ///< it left
  dropped,     ///< it lost its connection and did not come back in time
  removed,     ///< `room::remove`
  room_closed, ///< the room is over
  room_failed, ///< the room threw too often
};

} // namespace troupe::game
