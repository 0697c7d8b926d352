#pragma once
#include "troupe/game/match_rules.hpp"
#include "troupe/game/match_wish.hpp"
#include "troupe/game/seat_reservation.hpp"
#include "troupe/ids.hpp"
#include "troupe/result.hpp"

#include "game/matchmaker.hpp"
#include "game/token.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::game {

/// Why nobody waits now.
enum class match_fault : std::uint8_t {
  unknown_kind, ///< nobody is matched for this kind of room
  bad_group,    ///< it is empty, or larger than a team
  bad_rating,   ///< not a finite number
  queue_full,   ///< too many wait already
};

/// One sentence about `fault`; static storage.
std::string_view to_string(match_fault fault) noexcept;

/// Where a ticket has led to.
struct match_seats {
  seat_reservation seats; ///< as many tokens as the group has players
  std::size_t team = 0;   ///< from 0
  std::size_t teams = 0;  ///< in the match
};

/// How a ticket stands.
struct match_status {
  std::chrono::milliseconds waited{0};
  std::size_t waiting = 0;         ///< tickets of its kind
  std::optional<match_seats> made; ///< nothing: still waiting
};

/// The queues of all kinds of matches and the tickets in them: hands out seats in new rooms.
///
/// A ticket belongs to a connection, which is told about its match, or to somebody who asks for it:
/// such a ticket is forgotten when it was not asked for in a while, and when its match is old.
///
/// Threading:  belongs to one thread. Times only need to be of one clock that does not go back.
/// Errors:     by return values; unknown tickets are ignored.
class match_desk {
public:
  using milliseconds = std::chrono::milliseconds;
  using token_source = std::function<seat_token()>;
  /// Makes a room with a seat for each that is named; nothing if that cannot be.
  using room_maker =
      std::function<std::optional<seat_reservation>(const std::string& kind, const match_teams&)>;

  static constexpr std::size_t most_waiting = 10'000;
  static constexpr std::size_t most_tried = 500;  ///< tickets of a kind in one `run`
  static constexpr milliseconds patience{30'000}; ///< between two looks at a ticket
  static constexpr milliseconds kept{60'000};     ///< a ticket whose match was made

  /// @param tokens  from a good random device: tickets are secrets.
  explicit match_desk(token_source tokens) : tokens_{std::move(tokens)} {}

  void define(const std::string& kind, const match_rules& rules);

  using taken = result<std::string, match_fault>;
  /// @param owner  the connection to tell; 0: somebody who will `look`.
  /// @returns the ticket.
  taken add(const match_wish& wish, connection_id owner, milliseconds now);
  /// @returns whether it was there.
  bool cancel(std::string_view ticket);
  std::optional<match_status> look(std::string_view ticket, milliseconds now);

  /// Somebody to tell.
  struct news {
    connection_id whom;
    std::string ticket;
    match_seats made;
  };
  /// Makes all matches that can be made, and forgets old tickets.
  std::vector<news> run(milliseconds now, const room_maker& make);

  std::size_t size() const noexcept { return tickets_.size(); }

private:
  struct entry {
    std::uint64_t id = 0;
    std::string kind;
    std::uint32_t size = 1;
    double rating = 0;
    connection_id owner = 0;
    milliseconds since{0};
    milliseconds forgotten_at{0}; // unless it has an owner
    std::optional<match_seats> made{};
  };
  using tickets = std::map<std::string, entry, std::less<>>;

  static bool is_old(const entry& ticket, milliseconds now) noexcept;
  void forget_old(milliseconds now);
  match_teams teams_of(const match& made) const;
  void settle(const std::string& kind, const match& made, milliseconds now, const room_maker& make,
              std::vector<news>& told);
  void seat(tickets::iterator who, match_seats made, milliseconds now, std::vector<news>& told);

  token_source tokens_;
  std::map<std::string, matchmaker, std::less<>> queues_; // by kind
  tickets tickets_;
  std::map<std::uint64_t, tickets::iterator> waiting_; // by id
  std::uint64_t last_id_ = 0;
};

} // namespace troupe::game
