#include "game/room_list.hpp"

#include <algorithm>

namespace troupe::game {

std::string_view to_string(placement_fault fault) noexcept {
  switch (fault) {
  case placement_fault::unknown_kind:
    return "there is no such kind of room";
  case placement_fault::match_only:
    return "rooms of this kind are made for matches only";
  case placement_fault::unknown_room:
    return "there is no such room";
  case placement_fault::no_match:
    return "no open room fits";
  case placement_fault::full:
    return "the room is full";
  case placement_fault::locked:
    return "the room is locked";
  case placement_fault::wrong_password:
    return "the password is wrong";
  case placement_fault::too_many_rooms:
    return "there are too many rooms";
  }
  return "nobody was placed";
}

room_list::room_list(token_source tokens, std::size_t max_rooms)
    : tokens_{std::move(tokens)}, max_rooms_{max_rooms} {}

void room_list::define(const room_kind& kind) {
  kinds_[kind.name].max_players = kind.options.max_players;
}

void room_list::keep_for_matches(std::string_view kind) {
  kinds_.find(kind)->second.is_match_only = true;
}

std::uint32_t room_list::free_seats(const record& room) noexcept {
  return room.shown.max_players - room.shown.players;
}

open_rooms::entry room_list::entry_of(const record& room) noexcept {
  return {free_seats(room), room.age, &room.shown};
}

/// Half a token: 64 bits, so that private rooms cannot be guessed.
std::string room_list::new_id() {
  for (;;)
    if (auto id = tokens_().text().substr(0, 16); !rooms_.contains(id))
      return id;
}

// -- the index of open rooms --------------------------------------------------

void room_list::index(record& room) {
  if (room.shown.is_open() && !room.is_private && !room.shown.has_password)
    open_[room.shown.kind].add(entry_of(room));
}

void room_list::unindex(record& room) {
  open_[room.shown.kind].remove(entry_of(room));
}

template <class Change>
void room_list::change(record& room, Change apply) {
  unindex(room);
  apply();
  index(room);
  const auto& id = room.shown.id;
  if (!room.is_private) {
    changed_.insert(id);
    gone_.erase(id);
  } else {
    changed_.erase(id);
    if (std::exchange(room.is_told, false))
      gone_.insert(id);
  }
}

void room_list::erase(rooms::iterator room) {
  unindex(room->second);
  changed_.erase(room->first);
  if (room->second.is_told)
    gone_.insert(room->first);
  rooms_.erase(room);
}

// -- placing ------------------------------------------------------------------

placement room_list::place(record& room, std::uint32_t seats) {
  placement result{.room = room.shown.id, .tokens = {}};
  for (std::uint32_t i = 0; i < seats; ++i)
    result.tokens.push_back(tokens_());
  change(room, [&] { room.shown.players += seats; });
  return result;
}

room_list::placed room_list::create(const room_request& wanted) {
  const auto kind = kinds_.find(wanted.kind);
  if (kind != kinds_.end() && kind->second.is_match_only)
    return placement_fault::match_only;
  return create_for_match(wanted);
}

room_list::placed room_list::create_for_match(const room_request& wanted) {
  const auto kind = kinds_.find(wanted.kind);
  if (kind == kinds_.end())
    return placement_fault::unknown_kind;
  if (rooms_.size() >= max_rooms_)
    return placement_fault::too_many_rooms;
  if (wanted.seats > kind->second.max_players)
    return placement_fault::full;
  auto id = new_id();
  auto& room = rooms_[id];
  room.age = ++last_age_;
  room.is_private = wanted.is_private;
  room.shown = {.id = id,
                .kind = wanted.kind,
                .max_players = kind->second.max_players,
                .has_password = !wanted.password.empty(),
                .metadata = wanted.metadata};
  room.shown.metadata.merge(metadata_for(wanted.filter));
  if (room.shown.has_password) {
    room.salt = tokens_();
    room.password = hash_of(wanted.password, room.salt);
  }
  auto result = place(room, wanted.seats);
  result.created = {wanted.kind, wanted.options, room.shown.metadata, wanted.is_private};
  return result;
}

room_list::placed room_list::join(std::string_view room, std::string_view password,
                                  std::uint32_t seats) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end())
    return placement_fault::unknown_room;
  auto& known = found->second;
  if (known.shown.has_password && hash_of(password, known.salt) != known.password)
    return placement_fault::wrong_password;
  if (known.shown.is_locked)
    return placement_fault::locked;
  if (free_seats(known) < seats)
    return placement_fault::full;
  return place(known, seats);
}

room_list::record* room_list::choose(const room_request& wanted) {
  const auto open = open_.find(wanted.kind);
  if (open == open_.end())
    return nullptr;
  const auto& all = open->second.candidates(wanted.filter);
  std::vector<const listing*> fitting;
  for (auto each = all.lower_bound({wanted.seats, 0, nullptr}); each != all.end(); ++each)
    if (fits(each->room->metadata, wanted.filter)) {
      fitting.push_back(each->room);
      if (wanted.sort.empty())
        break;
    }
  sort_rooms(fitting, wanted.sort);
  return fitting.empty() ? nullptr : &rooms_.find(fitting.front()->id)->second;
}

room_list::placed room_list::join_matching(const room_request& wanted) {
  if (!kinds_.contains(wanted.kind))
    return placement_fault::unknown_kind;
  auto* const room = choose(wanted);
  if (!room)
    return placement_fault::no_match;
  return place(*room, wanted.seats);
}

room_list::placed room_list::join_or_create(const room_request& wanted) {
  auto* const room = wanted.is_private || !wanted.password.empty() ? nullptr : choose(wanted);
  return room ? place(*room, wanted.seats) : create(wanted);
}

// -- what rooms say -----------------------------------------------------------

void room_list::seats_freed(std::string_view room, std::uint32_t count) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end())
    return;
  auto& known = found->second;
  change(known, [&] { known.shown.players -= std::min(count, known.shown.players); });
}

void room_list::listed(std::string_view room, const outgoing::listed& what) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end())
    return;
  auto& known = found->second;
  change(known, [&] {
    known.is_private = what.is_private;
    known.shown.is_locked = what.is_locked;
    known.shown.metadata = what.metadata;
  });
}

bool room_list::close_if_empty(std::string_view room) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end() || found->second.shown.players != 0)
    return false;
  erase(found);
  return true;
}

void room_list::closed(std::string_view room) {
  if (const auto found = rooms_.find(room); found != rooms_.end())
    erase(found);
}

// -- lobbies ------------------------------------------------------------------

std::vector<listing> room_list::find(std::string_view kind, const room_filter& filter,
                                     const std::vector<sort_key>& sort, std::size_t limit) const {
  std::vector<const listing*> matching;
  std::size_t inspected = 0;
  for (const auto& [id, room] : rooms_) {
    if (!room.is_private && room.shown.kind == kind && fits(room.shown.metadata, filter))
      matching.push_back(&room.shown);
    if (++inspected == most_inspected || (sort.empty() && matching.size() == limit))
      break;
  }
  sort_rooms(matching, sort);
  matching.resize(std::min(limit, matching.size()));
  std::vector<listing> result;
  for (const auto* each : matching)
    result.push_back(*each);
  return result;
}

lobby_changes room_list::take_changes() {
  lobby_changes result;
  for (const auto& id : changed_) {
    auto& room = rooms_.find(id)->second;
    room.is_told = true;
    result.present.push_back(room.shown);
  }
  result.gone.assign(gone_.begin(), gone_.end());
  changed_.clear();
  gone_.clear();
  return result;
}

std::string_view room_list::kind_of(std::string_view room) const noexcept {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? std::string_view{} : found->second.shown.kind;
}

} // namespace troupe::game
