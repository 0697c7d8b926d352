#pragma once
#include "troupe/ask.hpp"
#include "troupe/endpoint.hpp"
#include "troupe/game/room_kind.hpp"
#include "troupe/game/room_request.hpp"
#include "troupe/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::game {

/// Seats that are kept for a while, for whoever joins `room` with one of the tokens.
struct seat_reservation {
  std::string room;                ///< its id: the name that clients join
  std::vector<std::string> tokens; ///< secrets, one per seat
};

class room_directory;

/// The game rooms behind one endpoint: which kinds there are, and who gets a seat where.
///
///     server.rooms().define<arena>("arena", {.max_players = 16, .tick_rate = 30});
///
/// Clients ask the endpoint for a seat and join with what they get; docs/rooms.md has the calls:
///
///     ask("rooms.join_or_create", {kind: "arena", filter: {level: 3}})  ->  {room, tokens}
///     join(room, token, options)
///
/// Threading:  `define` before the server runs; everything else from any thread.
/// Ownership:  owned by its server.
/// Errors:     `ask_error` with `refused` and a sentence.
class rooms {
public:
  using reserved = result<seat_reservation, ask_error>;

  /// Made by `server::rooms`.
  explicit rooms(troupe::endpoint& at);
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

  /// Where clients connect: for `authorize`, `origins` and the like.
  troupe::endpoint& endpoint() noexcept { return endpoint_; }

  reserved create(const room_request& wanted);
  reserved join(std::string_view room, std::string_view password = {}, std::uint32_t seats = 1);
  /// The seats are in a room that is there already.
  reserved join_matching(const room_request& wanted);
  reserved join_or_create(const room_request& wanted);

private:
  troupe::endpoint& endpoint_;
  std::shared_ptr<room_directory> directory_;
};

} // namespace troupe::game
