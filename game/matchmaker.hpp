#pragma once
#include "troupe/game/match_rules.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace troupe::game {

/// One player, or a group that stays together, who waits for a match.
struct ticket {
  std::uint64_t id = 0;
  std::uint32_t size = 1; ///< players in the group
  double rating = 0;      ///< of the group, say the average
};

/// The tickets of each team.
struct match {
  std::vector<std::vector<std::uint64_t>> teams;
  std::uint32_t players = 0;
};

/// The queue of one kind of match: puts those together who have similar ratings and wait longest.
///
/// Who waits longest is served first, with those nearest to it. Two tickets match if the difference
/// of their ratings is within the bands of both; a band widens while its ticket waits. A group is
/// never split over teams or matches.
///
/// Threading:  belongs to one thread. Times only need to be of one clock that does not go back.
/// Errors:     by return values.
/// Bounds:     a run looks at 64 candidates per ticket, and at most 4,096 arrangements of them.
class matchmaker {
public:
  using milliseconds = std::chrono::milliseconds;

  explicit matchmaker(const match_rules& rules) : rules_{rules} {}

  /// @returns false if the id is already waiting, the group does not fit into a team or is empty,
  ///          or the rating is no finite number.
  bool add(const ticket& who, milliseconds now);
  bool cancel(std::uint64_t id);
  /// Takes all matches out of the queue that can be made at `now`, or of a long queue those for the
  /// next `most_tried` tickets.
  std::vector<match> run(milliseconds now, std::size_t most_tried = SIZE_MAX);

  std::size_t waiting() const noexcept { return waiting_.size(); }

private:
  struct entry {
    ticket who;
    milliseconds since{0};
  };
  using by_rating = std::map<std::pair<double, std::uint64_t>, const entry*>;
  struct arrangement;

  double band_of(const entry& who, milliseconds now) const noexcept;
  std::vector<const entry*> candidates_for(const entry& oldest, milliseconds now) const;
  std::optional<match> match_for(const entry& oldest, milliseconds now) const;
  void erase(std::uint64_t id);

  match_rules rules_;
  std::map<std::uint64_t, entry> waiting_;
  std::map<std::uint64_t, std::uint64_t> by_age_; // number of arrival to id
  std::map<std::uint64_t, std::uint64_t> arrivals_;
  by_rating by_rating_;
  std::uint64_t last_arrival_ = 0;
  std::uint64_t last_tried_ = 0; // number of arrival
};

} // namespace troupe::game
