#pragma once
#include "troupe/describe.hpp"

#include <boost/describe.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace troupe::game {

/// How players are put together. The defaults are those of a duel.
struct match_rules {
  std::uint32_t teams = 2;
  std::uint32_t team_size = 1;
  double band = 50;            ///< difference of ratings that is fine at once
  double band_per_second = 10; ///< how much more per second of waiting
  double widest_band = 1'000;

  /// After waiting this long a match may start with `least_players`, at least one per team; 0:
  /// never.
  std::chrono::milliseconds fill_after{0};
  std::uint32_t least_players = 2;
};

/// What a room that was made for a match gets as its options: `options.as<match_teams>()` in
/// `on_create`.
struct match_teams {
  std::vector<std::vector<std::uint32_t>> teams; ///< the seats of each

  /// The team of who sits there, from 0; nothing if that seat is not in the match.
  std::optional<std::size_t> team_of(std::uint32_t seat) const;
};
BOOST_DESCRIBE_STRUCT(match_teams, (), (teams))

inline std::optional<std::size_t> match_teams::team_of(std::uint32_t seat) const {
  for (std::size_t team = 0; team < teams.size(); ++team)
    for (const auto each : teams[team])
      if (each == seat)
        return team;
  return std::nullopt;
}

} // namespace troupe::game
