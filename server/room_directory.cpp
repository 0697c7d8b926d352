#include "server/room_directory.hpp"

#include "troupe/refused.hpp"

#include "server/random_token.hpp"
#include "server/room_host.hpp"
#include "server/room_values.hpp"

#include <stdexcept>
#include <utility>

namespace troupe::game {

namespace {

/// What a game room keeps in its actor.
using host_slot = std::shared_ptr<room_host>;

room_host& host_of(troupe::room& room) {
  if (auto* host = room.values().find<host_slot>())
    return **host;
  room.close(); // made by a join that had no placement
  throw refused{"there is no room with this id"};
}

} // namespace

room_directory::room_directory(endpoint& at, std::shared_ptr<recordings> to)
    : endpoint_{at}, recordings_{std::move(to)}, list_{random_token} {}

void room_directory::define(room_kind kind) {
  const auto name = kind.name;
  const auto [made, is_new] = kinds_.emplace(name, std::move(kind));
  if (!is_new)
    throw std::invalid_argument{"The kind of rooms \"" + name + "\" is defined twice."};
  list_.define(made->second);
  if (made->second.options.heavy)
    endpoint_.rooms().on_workers([this](auto room) { return is_heavy(room); });
  for (auto& input : made->second.inputs)
    endpoint_.rooms().on(input.name, [name = input.name](troupe::room& room, any_value what,
                                                         std::optional<std::uint64_t> sequence,
                                                         std::optional<std::uint64_t> tick) {
      host_of(room).input(name, as_arguments(what), sequence.value_or(0), tick.value_or(0));
    });
}

bool room_directory::is_heavy(std::string_view room) const {
  const std::lock_guard guard{lock_};
  const auto kind = kinds_.find(list_.kind_of(room));
  return kind != kinds_.end() && kind->second.options.heavy;
}

void room_directory::listen() {
  set_rules();
  keep_seats();
}

void room_directory::set_rules() {
  endpoint_.rooms()
      .presence(false)
      .until_closed()
      .on_join([](troupe::room& room, const std::string& token, std::optional<any_value> options,
                  std::optional<byte_view> schema) {
        const auto known = seat_token::from_text(token);
        if (!known)
          throw refused{"a token has 32 hexadecimal digits"};
        host_of(room).join(*known, options ? as_arguments(*options) : std::vector<std::byte>{},
                           schema);
      })
      .on("state.begin", [](troupe::room& room) { host_of(room).show_state(); })
      .on("state.confirm",
          [](troupe::room& room, std::uint64_t tick) { host_of(room).confirmed(tick); })
      .on_joined([](troupe::room& room) { host_of(room).joined(); })
      .on_leave([](troupe::room& room) {
        if (auto* host = room.values().find<host_slot>())
          (*host)->left();
      });
}

/// Players keep their seats as long as their sessions last, or until the room gives up on them.
void room_directory::keep_seats() {
  const auto tell_rooms = [this](connection& who, void (room_host::*what)(connection_id)) {
    for (auto room : who.rooms())
      endpoint_.visit_room(room, [id = who.id(), what](troupe::room& there) {
        if (auto* host = there.values().find<host_slot>())
          ((**host).*what)(id);
      });
  };
  if (!endpoint_.sessions)
    endpoint_.resume();
  endpoint_.on_drop([tell_rooms](connection& who) { tell_rooms(who, &room_host::drop); })
      .on_resume([tell_rooms](connection& who) { tell_rooms(who, &room_host::reconnect); });
}

std::uint32_t room_directory::keep_for_matches(std::string_view kind) {
  const auto known = kinds_.find(kind);
  if (known == kinds_.end())
    throw std::invalid_argument{"There are no rooms \"" + std::string{kind} + "\" to match for."};
  list_.keep_for_matches(kind);
  return known->second.options.max_players;
}

// -- placing ------------------------------------------------------------------

room_directory::reserved room_directory::create(const room_request& wanted) {
  const std::lock_guard guard{lock_};
  return settle(list_.create(wanted));
}

room_directory::reserved room_directory::create_for_match(const room_request& wanted) {
  const std::lock_guard guard{lock_};
  return settle(list_.create_for_match(wanted));
}

room_directory::reserved room_directory::join(std::string_view room, std::string_view password,
                                              std::uint32_t seats) {
  const std::lock_guard guard{lock_};
  return settle(list_.join(room, password, seats));
}

room_directory::reserved room_directory::join_matching(const room_request& wanted) {
  const std::lock_guard guard{lock_};
  return settle(list_.join_matching(wanted));
}

room_directory::reserved room_directory::join_or_create(const room_request& wanted) {
  const std::lock_guard guard{lock_};
  return settle(list_.join_or_create(wanted));
}

/// Under the lock, so that the room hears of its seats in the order in which they were given.
room_directory::reserved room_directory::settle(room_list::placed placed) {
  if (!placed)
    return placed.error();
  enter(*placed);
  tell_lobbies();
  seat_reservation made{.room = placed->room, .tokens = {}};
  for (auto& token : placed->tokens)
    made.tokens.push_back(token.text());
  return made;
}

void room_directory::enter(const placement& what) {
  endpoint_.visit_room(what.room, [self = shared_from_this(), what](troupe::room& room) {
    if (what.created) {
      auto& slot = room.value<host_slot>();
      slot = std::make_shared<room_host>(room, self->kinds_.at(what.created->kind), self);
      slot->create(*what.created);
    }
    for (auto& token : what.tokens)
      host_of(room).reserve(token);
  });
}

std::vector<listing> room_directory::find(const room_request& wanted, std::size_t limit) const {
  const std::lock_guard guard{lock_};
  return list_.find(wanted.kind, wanted.filter, wanted.sort, limit);
}

// -- lobbies ------------------------------------------------------------------

lobby_changes room_directory::watch(connection_id who, const std::string& kind,
                                    room_filter filter) {
  const std::lock_guard guard{lock_};
  if (lobbies_.empty())
    (void)list_.take_changes(); // nobody was told of those
  const auto known = list_.find(kind, filter, {}, most_watched);
  lobby_view view{kind, std::move(filter)};
  auto first = view.begin(known);
  lobbies_.insert_or_assign(who, std::move(view));
  return first;
}

void room_directory::unwatch(connection_id who) {
  const std::lock_guard guard{lock_};
  lobbies_.erase(who);
}

void room_directory::tell_lobbies() {
  if (lobbies_.empty())
    return;
  const auto news = list_.take_changes();
  if (news.is_empty())
    return;
  for (auto& [who, view] : lobbies_)
    if (const auto shown = view.update(news); !shown.is_empty())
      endpoint_.to(who).emit("rooms.changed", to_payload(shown));
}

// -- what rooms say -----------------------------------------------------------

room_recording room_directory::record(const room_kind& kind, std::string_view room) {
  return recordings_ ? recordings_->record(kind, room) : room_recording{};
}

void room_directory::seats_freed(std::string_view room, std::uint32_t count) {
  const std::lock_guard guard{lock_};
  list_.seats_freed(room, count);
  tell_lobbies();
}

void room_directory::listed(std::string_view room, const outgoing::listed& what) {
  const std::lock_guard guard{lock_};
  list_.listed(room, what);
  tell_lobbies();
}

bool room_directory::close_if_empty(std::string_view room) {
  const std::lock_guard guard{lock_};
  const auto is_closed = list_.close_if_empty(room);
  tell_lobbies();
  return is_closed;
}

void room_directory::closed(std::string_view room) {
  board_.take_down(room);
  const std::lock_guard guard{lock_};
  list_.closed(room);
  tell_lobbies();
}

} // namespace troupe::game
