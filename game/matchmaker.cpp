#include "game/matchmaker.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::game {

namespace {

constexpr std::size_t most_candidates = 64;
constexpr std::size_t most_inspected = 256;
constexpr std::size_t most_attempts = 4'096;

} // namespace

/// Groups being put into teams.
struct matchmaker::arrangement {
  std::vector<std::vector<std::uint64_t>> teams;
  std::vector<std::uint32_t> room;     // seats left, by team
  std::vector<std::uint32_t> hopeless; // sizes of groups with which the seats left cannot be filled
  std::size_t attempts = 0;

  explicit arrangement(const match_rules& rules)
      : teams(rules.teams), room(rules.teams, rules.team_size) {}

  bool is_full() const {
    return std::ranges::all_of(room, [](auto left) { return left == 0; });
  }
  /// The team with the most seats left.
  std::size_t emptiest() const {
    return static_cast<std::size_t>(std::ranges::max_element(room) - room.begin());
  }
  void put(const ticket& who, std::size_t team) {
    teams[team].push_back(who.id);
    room[team] -= who.size;
  }
  void take_back(const ticket& who, std::size_t team) {
    teams[team].pop_back();
    room[team] += who.size;
  }

  /// Puts candidates from `next` on into the seats left until all are taken.
  bool fill(const std::vector<const entry*>& candidates, std::size_t next) {
    if (is_full())
      return true;
    const auto known = hopeless.size();
    for (; next < candidates.size() && ++attempts <= most_attempts; ++next) {
      const auto& who = candidates[next]->who;
      if (std::ranges::find(hopeless, who.size) != hopeless.end())
        continue;
      if (fill_with(who, candidates, next))
        return true;
      hopeless.push_back(who.size); // what does not work with one does not with its equals
    }
    hopeless.resize(known);
    return false;
  }

  bool fill_with(const ticket& who, const std::vector<const entry*>& candidates, std::size_t next) {
    for (std::size_t team = 0; team < room.size(); ++team) {
      const auto before = room.begin() + static_cast<std::ptrdiff_t>(team);
      const bool is_like_another = std::find(room.begin(), before, room[team]) != before;
      if (room[team] < who.size || is_like_another)
        continue;
      put(who, team);
      if (fill(candidates, next + 1))
        return true;
      take_back(who, team);
    }
    return false;
  }

  /// Puts whoever fits where most seats are left.
  void fill_partly(const std::vector<const entry*>& candidates) {
    for (const auto* each : candidates)
      if (const auto team = emptiest(); room[team] >= each->who.size)
        put(each->who, team);
  }

  match result(const match_rules& rules) const {
    match made{.teams = teams};
    for (const auto left : room)
      made.players += rules.team_size - left;
    return made;
  }
};

bool matchmaker::add(const ticket& who, milliseconds now) {
  if (who.size == 0 || who.size > rules_.team_size || !std::isfinite(who.rating))
    return false;
  const auto [made, is_new] = waiting_.emplace(who.id, entry{who, now});
  if (!is_new)
    return false;
  by_rating_.emplace(std::pair{who.rating, who.id}, &made->second);
  by_age_.emplace(++last_arrival_, who.id);
  arrivals_.emplace(who.id, last_arrival_);
  return true;
}

bool matchmaker::cancel(std::uint64_t id) {
  const bool is_waiting = waiting_.contains(id);
  if (is_waiting)
    erase(id);
  return is_waiting;
}

void matchmaker::erase(std::uint64_t id) {
  const auto found = waiting_.find(id);
  by_rating_.erase({found->second.who.rating, id});
  by_age_.erase(arrivals_.at(id));
  arrivals_.erase(id);
  waiting_.erase(found);
}

double matchmaker::band_of(const entry& who, milliseconds now) const noexcept {
  const std::chrono::duration<double> waited = now - who.since;
  return std::min(rules_.widest_band, rules_.band + rules_.band_per_second * waited.count());
}

/// Everybody who matches the oldest one, the nearest first.
std::vector<const matchmaker::entry*> matchmaker::candidates_for(const entry& oldest,
                                                                 milliseconds now) const {
  std::vector<const entry*> result;
  const auto mine = oldest.who.rating;
  const auto band = band_of(oldest, now);
  auto above = by_rating_.upper_bound({mine, oldest.who.id});
  auto below = std::make_reverse_iterator(by_rating_.lower_bound({mine, oldest.who.id}));
  const auto distance = [&](auto at, auto end) {
    return at == end ? band + 1 : std::abs(at->first.first - mine);
  };
  for (std::size_t i = 0; i < most_inspected && result.size() < most_candidates; ++i) {
    const auto up = distance(above, by_rating_.end());
    const auto down = distance(below, by_rating_.rend());
    if (std::min(up, down) > band)
      break;
    const auto* const each = up <= down ? (above++)->second : (below++)->second;
    if (std::abs(each->who.rating - mine) <= band_of(*each, now))
      result.push_back(each);
  }
  return result;
}

std::optional<match> matchmaker::match_for(const entry& oldest, milliseconds now) const {
  const auto candidates = candidates_for(oldest, now);
  arrangement whole{rules_};
  whole.put(oldest.who, 0);
  if (whole.fill(candidates, 0))
    return whole.result(rules_);
  if (rules_.fill_after.count() == 0 || now - oldest.since < rules_.fill_after)
    return {};
  arrangement part{rules_};
  part.put(oldest.who, 0);
  part.fill_partly(candidates);
  auto made = part.result(rules_);
  const bool has_all_teams =
      std::ranges::none_of(made.teams, [](const auto& team) { return team.empty(); });
  if (!has_all_teams || made.players < rules_.least_players)
    return {};
  return made;
}

std::vector<match> matchmaker::run(milliseconds now, std::size_t most_tried) {
  std::vector<match> result;
  if (waiting() <= most_tried)
    last_tried_ = 0;
  for (; most_tried > 0; --most_tried) {
    const auto next = by_age_.upper_bound(last_tried_);
    last_tried_ = next == by_age_.end() ? 0 : next->first;
    if (next == by_age_.end())
      break;
    auto made = match_for(waiting_.at(next->second), now);
    if (!made)
      continue;
    for (const auto& team : made->teams)
      for (const auto id : team)
        erase(id);
    result.push_back(*std::move(made));
  }
  return result;
}

} // namespace troupe::game
