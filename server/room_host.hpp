#pragma once
#include "troupe/room.hpp"

#include "game/room_core.hpp"
#include "game/room_list.hpp"
#include "game/room_meter.hpp"
#include "game/tick_clock.hpp"
#include "server/recordings.hpp"
#include "server/state_sender.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe::game {

class room_directory;

/// Runs one game room inside of a room actor: joins, inputs and time go into its core, what the
/// core wants done goes out to members and to the directory.
///
/// Threading:  belongs to the room, whose value it is.
/// Errors:     `refused` for joins and inputs; everything else stays inside.
class room_host {
public:
  using steady_clock = std::chrono::steady_clock;

  room_host(troupe::room& room, const room_kind& kind, std::shared_ptr<room_directory> directory);

  void create(const placement::creation& how);
  void reserve(const seat_token& token);
  /// `room.sender()` wants in; its schema, if it has one, must be that of the room's state.
  /// Errors: throws `refused`.
  void join(const seat_token& token, std::vector<std::byte> options,
            std::optional<byte_view> schema);
  /// It is in, and has been told.
  void joined();
  void left();
  void drop(connection_id where);
  void reconnect(connection_id where);
  /// `room.sender()` wants to know who it is, the schema, and patches from now on.
  void show_state();
  /// `room.sender()` has the state of this tick; 0: it needs all of it.
  void confirmed(std::uint64_t tick);
  void input(std::string_view name, std::vector<std::byte> what, std::uint64_t sequence,
             std::uint64_t tick);

private:
  struct door; ///< carries out effects, one function per kind
  class work;  ///< a scope whose processor time is the room's

  std::chrono::milliseconds time_of(steady_clock::time_point when) const;
  void apply(entry::type what);
  void carry_out();
  void carry_out(std::vector<effect> all);
  void meet(player_id who, connection_id where);
  void forget(player_id who, connection_id where);
  const player* holder_of(const token_hash& ticket);
  void come_back(player_id who);
  std::string new_ticket(player_id for_whom);
  void schedule_tick();
  void run_ticks();
  void run_tick();
  void show_patches();
  void report_costs();
  void publish_costs(steady_clock::time_point now);
  std::optional<player_id> player_of(connection_id who) const;
  std::optional<connection_id> connection_of(player_id who) const;

  troupe::room& room_;
  room_core core_;
  std::shared_ptr<room_directory> directory_;
  room_recording recording_;
  steady_clock::time_point start_ = steady_clock::now();
  tick_clock clock_;
  room_meter meter_;
  bool is_working_ = false;
  steady_clock::time_point published_at_;
  std::unique_ptr<state_sender> state_; ///< null: the room shows none
  std::unordered_map<connection_id, player_id> players_;
  std::unordered_map<player_id, connection_id> connections_;
  std::unordered_map<player_id, token_hash> tickets_; ///< by which players come back
  std::vector<effect> waiting_;                       ///< of a join, until the newcomer is in
};

} // namespace troupe::game
