#include "server/room_calls.hpp"

#include "troupe/refused.hpp"

#include "server/room_directory.hpp"
#include "server/room_matches.hpp"
#include "server/room_values.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace troupe::game {

namespace {

payload answer(const room_directory::reserved& seats) {
  if (!seats)
    throw refused{std::string{to_string(seats.error())}};
  return to_payload(*seats);
}

/// Ends with the connection whose value it is.
class lobby_seat {
public:
  lobby_seat(std::shared_ptr<room_directory> rooms, connection_id who)
      : rooms_{std::move(rooms)}, who_{who} {}
  lobby_seat(const lobby_seat&) = delete;
  lobby_seat& operator=(const lobby_seat&) = delete;
  ~lobby_seat() { rooms_->unwatch(who_); }

private:
  const std::shared_ptr<room_directory> rooms_;
  const connection_id who_;
};

using lobby_slot = std::shared_ptr<lobby_seat>;

/// A connection's place in the queue for matches; ends with it.
class match_place {
public:
  match_place(std::shared_ptr<room_matches> matches, std::string ticket)
      : matches_{std::move(matches)}, ticket_{std::move(ticket)} {}
  match_place(const match_place&) = delete;
  match_place& operator=(const match_place&) = delete;
  ~match_place() { matches_->cancel(ticket_); }

  bool is_waiting() const { return matches_->look(ticket_).has_value(); }
  const std::string& ticket() const noexcept { return ticket_; }

private:
  const std::shared_ptr<room_matches> matches_;
  const std::string ticket_;
};

using match_slot = std::shared_ptr<match_place>;

/// Looks for a match as long as the connection has this place in the queue.
void drive(connection& from, const match_slot& place) {
  from.after(room_matches::period, [&from, which = std::weak_ptr{place}] {
    const auto still = which.lock();
    if (still && still->is_waiting())
      drive(from, still);
  });
}

std::string enter_queue(const std::shared_ptr<room_matches>& matches, connection& from,
                        const match_wish& wish) {
  auto& slot = from.value<match_slot>();
  if (slot && slot->is_waiting())
    throw refused{"this connection waits for a match already"};
  auto ticket = matches->add(wish, from.id());
  if (!ticket)
    throw refused{std::string{to_string(ticket.error())}};
  slot = std::make_shared<match_place>(matches, *std::move(ticket));
  drive(from, slot);
  return slot->ticket();
}

void offer_matches(endpoint& at, const std::shared_ptr<room_matches>& matches) {
  at.on("rooms.match", [matches](connection& from, const match_wish& wish) {
    return enter_queue(matches, from, wish);
  });
  at.on("rooms.match_cancel", [](connection& from) { from.value<match_slot>().reset(); });
}

} // namespace

void offer_room_calls(endpoint& at, const std::shared_ptr<room_directory>& rooms,
                      const std::shared_ptr<room_matches>& matches) {
  offer_matches(at, matches);
  at.on("rooms.create",
        [rooms](const room_request& wanted) { return answer(rooms->create(wanted)); });
  at.on("rooms.join", [rooms](const std::string& room, std::optional<std::string> password) {
    return answer(rooms->join(room, password.value_or(""), 1));
  });
  at.on("rooms.join_matching",
        [rooms](const room_request& wanted) { return answer(rooms->join_matching(wanted)); });
  at.on("rooms.join_or_create",
        [rooms](const room_request& wanted) { return answer(rooms->join_or_create(wanted)); });
  at.on("rooms.find", [rooms](const room_request& wanted) {
    return to_payload(rooms->find(wanted, room_directory::most_found));
  });
  at.on("rooms.watch", [rooms](connection& from, const room_request& wanted) {
    auto& seat = from.value<lobby_slot>();
    seat.reset(); // it would end the new watch with the old one
    seat = std::make_shared<lobby_seat>(rooms, from.id());
    return to_payload(rooms->watch(from.id(), wanted.kind, wanted.filter));
  });
  at.on("rooms.unwatch", [](connection& from) { from.value<lobby_slot>().reset(); });
  at.events({"state.patch", "state.schema", "state.confirm", "state.begin", "room.you",
             "input.refused", "rooms.changed", "rooms.matched"});
}

} // namespace troupe::game
