#pragma once
#include "troupe/endpoint.hpp"

#include "game/match_desk.hpp"
#include "server/room_directory.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::game {

/// `match_desk` behind a lock: makes its rooms, and tells connections where they are seated.
///
/// Whoever waits drives it, by a timer of its connection or by asking for its ticket; `run` does
/// nothing if it was just done. Nobody waits, nothing runs.
///
/// Threading:  any.
/// Lifetime:   shared by the endpoint's handlers.
class room_matches {
public:
  static constexpr std::chrono::milliseconds period{200}; ///< between two runs

  room_matches(endpoint& at, std::shared_ptr<room_directory> rooms);

  /// Before the server runs. Errors: throws std::invalid_argument for rules that no match can meet.
  void define(const std::string& kind, const match_rules& rules);

  /// @param owner  the connection that gets `rooms.matched`; 0: somebody who will `look`.
  match_desk::taken add(const match_wish& wish, connection_id owner);
  bool cancel(std::string_view ticket);
  std::optional<match_status> look(std::string_view ticket);
  void run();

private:
  std::chrono::milliseconds now() const;
  std::optional<seat_reservation> make_room(const std::string& kind, const match_teams& teams);

  endpoint& endpoint_;
  const std::shared_ptr<room_directory> rooms_;
  std::mutex lock_; // guards the rest
  match_desk desk_;
  std::chrono::milliseconds next_run_{0};
};

} // namespace troupe::game
