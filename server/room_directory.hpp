#pragma once
#include "troupe/ask.hpp"
#include "troupe/endpoint.hpp"
#include "troupe/game/rooms.hpp"

#include "game/room_list.hpp"
#include "server/recordings.hpp"
#include "server/room_board.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::game {

class room_host;

/// `room_list` behind a lock, and the way from a placement to the room it is in.
///
/// A lock instead of an actor: every call takes a few microseconds, and callers get their answer
/// at once.
///
/// Threading:  any.
/// Lifetime:   shared by the endpoint's handlers and by every room.
class room_directory : public std::enable_shared_from_this<room_directory> {
public:
  using reserved = result<seat_reservation, placement_fault>;

  static constexpr std::size_t most_found = 100;     ///< rooms that clients are shown at once
  static constexpr std::size_t most_watched = 1'000; ///< when a watch of a lobby begins

  /// @param to  where rooms are recorded; may be null
  room_directory(endpoint& at, std::shared_ptr<recordings> to);

  /// Before the server runs.
  void define(room_kind kind);
  /// Only `create_for_match` makes rooms of this kind. Before the server runs.
  /// @returns its `max_players`. Errors: throws std::invalid_argument if there is no such kind.
  std::uint32_t keep_for_matches(std::string_view kind);
  /// Puts the rules of the rooms onto the endpoint.
  void listen();

  reserved create(const room_request& wanted);
  reserved create_for_match(const room_request& wanted);
  reserved join(std::string_view room, std::string_view password, std::uint32_t seats);
  reserved join_matching(const room_request& wanted);
  reserved join_or_create(const room_request& wanted);
  std::vector<listing> find(const room_request& wanted, std::size_t limit) const;

  // -- lobbies: connections that are told what changes ----
  lobby_changes watch(connection_id who, const std::string& kind, room_filter filter);
  void unwatch(connection_id who);

  // -- what rooms say ----
  room_recording record(const room_kind& kind, std::string_view room);
  void seats_freed(std::string_view room, std::uint32_t count);
  void listed(std::string_view room, const outgoing::listed& what);
  bool close_if_empty(std::string_view room);
  void closed(std::string_view room);
  room_board& board() noexcept { return board_; }

private:
  bool is_heavy(std::string_view room) const;
  void set_rules();
  void keep_seats();
  reserved settle(room_list::placed placed);
  void enter(const placement& what);
  void tell_lobbies();

  endpoint& endpoint_;
  std::shared_ptr<recordings> recordings_;
  std::map<std::string, room_kind, std::less<>> kinds_; ///< constant while the server runs
  room_board board_;
  mutable std::mutex lock_;
  room_list list_;
  std::map<connection_id, lobby_view> lobbies_;
};

} // namespace troupe::game
