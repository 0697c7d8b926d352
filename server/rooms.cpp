#include "troupe/game/rooms.hpp"

#include "server/room_calls.hpp"
#include "server/room_directory.hpp"
#include "server/room_http.hpp"
#include "server/room_matches.hpp"

namespace troupe::game {

namespace {

rooms::reserved answer(const room_directory::reserved& seats) {
  if (!seats)
    return ask_error{.code = errc::refused, .text = std::string{to_string(seats.error())}};
  return *seats;
}

} // namespace

rooms::rooms(troupe::endpoint& at, http_routes& routes, std::shared_ptr<recordings> to)
    : endpoint_{at},
      directory_{std::make_shared<room_directory>(at, std::move(to))},
      matches_{std::make_shared<room_matches>(at, directory_)} {
  directory_->listen();
  offer_room_calls(at, directory_, matches_);
  offer_room_http(routes, at, directory_, matches_);
}

rooms::~rooms() = default;

void rooms::add(room_kind kind) {
  directory_->define(std::move(kind));
}

rooms& rooms::matchmaking(const std::string& kind, const match_rules& rules) {
  matches_->define(kind, rules);
  return *this;
}

rooms::reserved rooms::create(const room_request& wanted) {
  return answer(directory_->create(wanted));
}

rooms::reserved rooms::join(std::string_view room, std::string_view password, std::uint32_t seats) {
  return answer(directory_->join(room, password, seats));
}

rooms::reserved rooms::join_matching(const room_request& wanted) {
  return answer(directory_->join_matching(wanted));
}

rooms::reserved rooms::join_or_create(const room_request& wanted) {
  return answer(directory_->join_or_create(wanted));
}

std::vector<std::shared_ptr<const room_stats>> rooms::stats() const {
  return directory_->board().all();
}

} // namespace troupe::game
