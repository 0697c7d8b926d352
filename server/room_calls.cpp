#include "server/room_calls.hpp"

#include "troupe/refused.hpp"

#include "server/room_directory.hpp"
#include "server/room_values.hpp"

#include <optional>
#include <string>
#include <utility>

namespace troupe::game {

namespace {

constexpr std::size_t max_found = 100;

payload answer(const room_directory::reserved& seats) {
  if (!seats)
    throw refused{seats.error().text};
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

} // namespace

void offer_room_calls(endpoint& at, const std::shared_ptr<room_directory>& rooms) {
  at.on("rooms.create",
        [rooms](const room_request& wanted) { return answer(rooms->create(wanted)); });
  at.on("rooms.join", [rooms](const std::string& room, std::optional<std::string> password) {
    return answer(rooms->join(room, password.value_or(""), 1));
  });
  at.on("rooms.join_matching",
        [rooms](const room_request& wanted) { return answer(rooms->join_matching(wanted)); });
  at.on("rooms.join_or_create",
        [rooms](const room_request& wanted) { return answer(rooms->join_or_create(wanted)); });
  at.on("rooms.find",
        [rooms](const room_request& wanted) { return to_payload(rooms->find(wanted, max_found)); });
  at.on("rooms.watch", [rooms](connection& from, const room_request& wanted) {
    auto& seat = from.value<lobby_slot>();
    seat.reset(); // it would end the new watch with the old one
    seat = std::make_shared<lobby_seat>(rooms, from.id());
    return to_payload(rooms->watch(from.id(), wanted.kind, wanted.filter));
  });
  at.on("rooms.unwatch", [](connection& from) { from.value<lobby_slot>().reset(); });
  at.events({"state.patch", "state.schema", "state.confirm", "state.begin", "room.you",
             "input.refused", "rooms.changed"});
}

} // namespace troupe::game
