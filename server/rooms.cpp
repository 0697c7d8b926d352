#include "troupe/game/rooms.hpp"

#include "server/room_directory.hpp"

namespace troupe::game {

rooms::rooms(troupe::endpoint& at)
    : endpoint_{at}, directory_{std::make_shared<room_directory>(at)} {
  directory_->listen();
}

rooms::~rooms() = default;

void rooms::add(room_kind kind) {
  directory_->define(std::move(kind));
}

rooms::reserved rooms::create(const room_request& wanted) {
  return directory_->create(wanted);
}

rooms::reserved rooms::join(std::string_view room, std::string_view password, std::uint32_t seats) {
  return directory_->join(room, password, seats);
}

rooms::reserved rooms::join_matching(const room_request& wanted) {
  return directory_->join_matching(wanted);
}

rooms::reserved rooms::join_or_create(const room_request& wanted) {
  return directory_->join_or_create(wanted);
}

} // namespace troupe::game
