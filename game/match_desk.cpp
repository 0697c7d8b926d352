#include "game/match_desk.hpp"

#include <cmath>
#include <utility>

namespace troupe::game {

std::string_view to_string(match_fault fault) noexcept {
  switch (fault) {
  case match_fault::unknown_kind:
    return "nobody is matched for this kind of room";
  case match_fault::bad_group:
    return "a group has at least one player, and fits into a team";
  case match_fault::bad_rating:
    return "the rating is no number";
  case match_fault::queue_full:
    return "too many wait for a match";
  }
  return "nobody waits";
}

void match_desk::define(const std::string& kind, const match_rules& rules) {
  queues_.insert_or_assign(kind, matchmaker{rules});
}

match_desk::taken match_desk::add(const match_wish& wish, connection_id owner, milliseconds now) {
  const auto queue = queues_.find(wish.kind);
  if (queue == queues_.end())
    return match_fault::unknown_kind;
  if (tickets_.size() >= most_waiting)
    forget_old(now);
  if (tickets_.size() >= most_waiting)
    return match_fault::queue_full;
  if (!std::isfinite(wish.rating))
    return match_fault::bad_rating;
  if (!queue->second.add({++last_id_, wish.size, wish.rating}, now))
    return match_fault::bad_group;
  entry made{.id = last_id_,
             .kind = wish.kind,
             .size = wish.size,
             .rating = wish.rating,
             .owner = owner,
             .since = now,
             .forgotten_at = now + patience};
  const auto where = tickets_.emplace(tokens_().text(), std::move(made)).first;
  waiting_.emplace(last_id_, where);
  return where->first;
}

bool match_desk::cancel(std::string_view ticket) {
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end())
    return false;
  if (waiting_.erase(found->second.id) != 0)
    queues_.find(found->second.kind)->second.cancel(found->second.id);
  tickets_.erase(found);
  return true;
}

std::optional<match_status> match_desk::look(std::string_view ticket, milliseconds now) {
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end() || is_old(found->second, now))
    return std::nullopt;
  auto& known = found->second;
  if (!known.made)
    known.forgotten_at = now + patience;
  return match_status{.waited = now - known.since,
                      .waiting = queues_.find(known.kind)->second.waiting(),
                      .made = known.made};
}

bool match_desk::is_old(const entry& ticket, milliseconds now) noexcept {
  return ticket.owner == 0 && ticket.forgotten_at <= now;
}

void match_desk::forget_old(milliseconds now) {
  for (auto each = tickets_.begin(); each != tickets_.end();) {
    const auto next = std::next(each);
    if (is_old(each->second, now))
      cancel(each->first);
    each = next;
  }
}

// -- matches ------------------------------------------------------------------

std::vector<match_desk::news> match_desk::run(milliseconds now, const room_maker& make) {
  forget_old(now);
  std::vector<news> told;
  for (auto& [kind, queue] : queues_)
    for (const auto& made : queue.run(now, most_tried))
      settle(kind, made, now, make, told);
  return told;
}

/// Seats are numbered from 0, team by team.
match_teams match_desk::teams_of(const match& made) const {
  match_teams result;
  std::uint32_t next = 0;
  for (const auto& team : made.teams) {
    auto& seats = result.teams.emplace_back();
    for (const auto id : team)
      for (std::uint32_t i = 0; i < waiting_.at(id)->second.size; ++i)
        seats.push_back(next++);
  }
  return result;
}

void match_desk::settle(const std::string& kind, const match& made, milliseconds now,
                        const room_maker& make, std::vector<news>& told) {
  const auto room = make(kind, teams_of(made));
  auto token = room ? room->tokens.begin() : std::vector<std::string>::const_iterator{};
  for (std::size_t team = 0; team < made.teams.size(); ++team)
    for (const auto id : made.teams[team]) {
      const auto who = waiting_.at(id);
      const auto& asked = who->second;
      if (!room) { // perhaps there is place for one later
        queues_.find(kind)->second.add({id, asked.size, asked.rating}, asked.since);
        continue;
      }
      const auto begin = std::exchange(token, token + asked.size);
      seat(who, {{room->room, {begin, token}}, team, made.teams.size()}, now, told);
    }
}

void match_desk::seat(tickets::iterator who, match_seats made, milliseconds now,
                      std::vector<news>& told) {
  auto& [ticket, known] = *who;
  waiting_.erase(known.id);
  if (known.owner != 0) {
    told.push_back({known.owner, ticket, std::move(made)});
    tickets_.erase(who);
    return;
  }
  known.made = std::move(made);
  known.forgotten_at = now + kept;
}

} // namespace troupe::game
