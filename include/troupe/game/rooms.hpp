#pragma once
#include "troupe/ask.hpp"
#include "troupe/endpoint.hpp"
#include "troupe/game/match_rules.hpp"
#include "troupe/game/room_kind.hpp"
#include "troupe/game/room_request.hpp"
#include "troupe/game/room_stats.hpp"
#include "troupe/game/seat_reservation.hpp"
#include "troupe/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {
class http_routes;
} // namespace troupe

namespace troupe::game {

class recordings;
class room_directory;
class room_matches;

/// The game rooms behind one endpoint: which kinds there are, and who gets a seat where.
///
///     server.rooms().define<arena>("arena", {.max_players = 16, .tick_rate = 30});
///
/// Clients ask the endpoint for a seat and join with what they get; docs/rooms.md has the calls:
///
///     ask("rooms.join_or_create", {kind: "arena", filter: {level: 3}})  ->  {room, tokens}
///     join(room, token, options)
///
/// The same calls are answered by HTTP below the endpoint's path, to whom `authorize` lets in.
///
/// Threading:  `define` before the server runs; everything else from any thread.
/// Ownership:  owned by its server.
/// Errors:     `ask_error` with `refused` and a sentence.
class rooms {
public:
  using reserved = result<seat_reservation, ask_error>;

  /// Made by `server::rooms`. @param to  where rooms are recorded; may be null
  rooms(troupe::endpoint& at, http_routes& routes, std::shared_ptr<recordings> to);
  ~rooms();
  rooms(const rooms&) = delete;
  rooms& operator=(const rooms&) = delete;

  /// Errors:  throws what `make_room_kind` does, and std::invalid_argument if the name is taken.
  template <class Room>
  rooms& define(std::string name, const room_options& options = {}) {
    add(make_room_kind<Room>(std::move(name), options));
    return *this;
  }
  void add(room_kind kind);

  /// Matches players for rooms of `kind`, which nobody else can make from now on. They get
  /// `match_teams` as their options and are private; docs/rooms.md has the calls.
  /// Errors:  throws std::invalid_argument if the kind is unknown, or rules that it cannot meet.
  rooms& matchmaking(const std::string& kind, const match_rules& rules = {});

  /// Where clients connect: for `authorize`, `origins` and the like.
  troupe::endpoint& endpoint() noexcept { return endpoint_; }

  reserved create(const room_request& wanted);
  reserved join(std::string_view room, std::string_view password = {}, std::uint32_t seats = 1);
  /// The seats are in a room that is there already.
  reserved join_matching(const room_request& wanted);
  reserved join_or_create(const room_request& wanted);

  /// What each room costs, in the order of their ids; half a second old. Asks no room and waits for
  /// none, so it may be called anywhere, as often as one likes.
  std::vector<std::shared_ptr<const room_stats>> stats() const;

private:
  troupe::endpoint& endpoint_;
  std::shared_ptr<room_directory> directory_;
  std::shared_ptr<room_matches> matches_;
};

} // namespace troupe::game
