#pragma once
#include "troupe/game/metadata.hpp"
#include "troupe/game/room_kind.hpp"
#include "troupe/game/room_request.hpp"
#include "troupe/result.hpp"

#include "game/effect.hpp"
#include "game/lobby.hpp"
#include "game/open_rooms.hpp"
#include "game/token.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::game {

/// Why nobody was placed.
enum class placement_fault : std::uint8_t {
  unknown_kind,   ///< no such kind of room is defined
  match_only,     ///< matches alone make rooms of this kind
  unknown_room,   ///< there is no room with this id (any more)
  no_match,       ///< no open room fits
  full,           ///< not as many seats are free
  locked,         ///< the room takes nobody new
  wrong_password, ///< or none was given
  too_many_rooms, ///< the limit of rooms is reached
};

/// One sentence about `fault`; static storage.
std::string_view to_string(placement_fault fault) noexcept;

/// Where somebody goes. To carry it out: make the room if there is a `creation`, then send it one
/// `incoming::reserve` per token, on the path on which joins follow; then tell who asked.
struct placement {
  std::string room;               ///< its id
  std::vector<seat_token> tokens; ///< one per seat

  struct creation {
    std::string kind;
    payload options;
    game::metadata metadata;
    bool is_private = false;
  };
  std::optional<creation> created{};
};

/// All rooms, and who gets a seat where: the pure model of the directory.
///
/// It alone hands out seats, and counts them from that moment, so that no order of requests books a
/// room beyond its maximum. Rooms give seats back by `seats_freed`. A join that fits an open room
/// never makes another.
///
/// Threading:  belongs to one thread.
/// Errors:     by return values; ids that are not (any more) known are ignored.
class room_list {
public:
  using token_source = std::function<seat_token()>;
  using placed = result<placement, placement_fault>;

  /// @param tokens  from a good random device: they are secrets, and ids of rooms are made of them.
  explicit room_list(token_source tokens, std::size_t max_rooms = 100'000);

  void define(const room_kind& kind);
  /// Only `create_for_match` makes rooms of this kind. @pre it is defined
  void keep_for_matches(std::string_view kind);

  placed create(const room_request& wanted);
  placed create_for_match(const room_request& wanted);
  placed join(std::string_view room, std::string_view password = {}, std::uint32_t seats = 1);
  placed join_matching(const room_request& wanted);
  placed join_or_create(const room_request& wanted);

  // -- what rooms say ----
  void seats_freed(std::string_view room, std::uint32_t count);
  void listed(std::string_view room, const outgoing::listed& what);
  /// After `outgoing::emptied`. @returns whether nobody is on the way, and so the room is no longer
  /// known: send it `incoming::close`.
  bool close_if_empty(std::string_view room);
  void closed(std::string_view room);

  // -- what lobbies show ----
  /// Rooms that `find` looks at: it must not take long, whoever makes how many.
  static constexpr std::size_t most_inspected = 10'000;
  /// Public rooms, at most `limit`.
  std::vector<listing> find(std::string_view kind, const room_filter& filter = {},
                            const std::vector<sort_key>& sort = {}, std::size_t limit = 100) const;
  /// What changed for lobbies since the last call, each room once.
  lobby_changes take_changes();

  std::size_t size() const noexcept { return rooms_.size(); }
  /// The kind of a room; empty if it is not known.
  std::string_view kind_of(std::string_view room) const noexcept;

private:
  struct record {
    listing shown;
    std::uint64_t age = 0; // smaller is older
    bool is_private = false;
    bool is_told = false; // lobbies know it
    seat_token salt{};
    token_hash password{};
  };
  struct kind_rules {
    std::uint32_t max_players = 0;
    bool is_match_only = false;
  };
  using rooms = std::map<std::string, record, std::less<>>;

  static open_rooms::entry entry_of(const record& room) noexcept;
  static std::uint32_t free_seats(const record& room) noexcept;
  std::string new_id();
  record* choose(const room_request& wanted);
  placement place(record& room, std::uint32_t seats);
  void index(record& room);
  void unindex(record& room);
  template <class Change>
  void change(record& room, Change apply);
  void erase(rooms::iterator room);

  token_source tokens_;
  std::size_t max_rooms_;
  std::map<std::string, kind_rules, std::less<>> kinds_;
  rooms rooms_;
  std::map<std::string, open_rooms, std::less<>> open_; // by kind: public, seats free
  std::uint64_t last_age_ = 0;
  std::set<std::string, std::less<>> changed_;
  std::set<std::string, std::less<>> gone_;
};

} // namespace troupe::game
