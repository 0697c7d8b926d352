#include "actors/directory_actor.hpp"

#include "actors/room_actor.hpp"

#include <spdlog/spdlog.h>

#include <caf/send.hpp>

#include <algorithm>
#include <functional>

namespace troupe::actors {

/// One living room.
struct directory_actor::entry final : net::timer {
  explicit entry(directory_actor& the_owner) : owner{the_owner} {}
  void on_timer(net::time_point) noexcept override { owner.dispose(*this); }

  directory_actor& owner;
  directory_actor::key which;
  room_ptr handle;
  std::uint64_t joins = 0; ///< passed on to the room so far
};

directory_actor::directory_actor(caf::actor_config& config, shard& home, runtime& shared)
  : pinned_actor{config, home}, shared_{shared} {}

directory_actor::~directory_actor() = default;

caf::behavior directory_actor::make_behavior() {
  return {
    [this](const std::shared_ptr<join_room>& request) { join(request); },
    [this](const find_and_emit& request) { emit(request); },
    [this](const visit_room& request) { visit(request); },
    [this](const room_emptied& report) { emptied(report); },
    [this](const room_closed& report) { closed(report); },
  };
}

void directory_actor::join(const std::shared_ptr<join_room>& request) {
  auto& room = find_or_create({request->space, request->room});
  room.disarm();
  send(room.handle->actor, admit_member{request, ++room.joins});
}

void directory_actor::emit(const find_and_emit& request) {
  // Nobody to hear it is not an error.
  if (auto found = rooms_.find({request.space, request.room}); found != rooms_.end())
    send(found->second->handle->actor, broadcast{.event = request.event,
                                                .except = request.except,
                                                .only = request.only,
                                                .except_client = request.except_client});
}

void directory_actor::visit(const visit_room& request) {
  send(find_or_create({request.space, request.room}).handle->actor, run_here{request.run});
}

void directory_actor::emptied(const room_emptied& report) {
  auto* room = by_number_.at(report.number - 1);
  if (room != nullptr && room->joins == report.joins)
    home().reactor().timers.arm(*room, home().reactor().now() + shared_.settings.room_idle);
}

void directory_actor::closed(const room_closed& report) {
  auto* room = by_number_.at(report.number - 1);
  if (room == nullptr)
    return;
  send(room->handle->actor, end_room{});
  forget(*room);
}

void directory_actor::dispose(entry& ended) {
  spdlog::debug("room \"{}\" was empty for {} ms and is gone", ended.handle->name,
                shared_.settings.room_idle.count());
  caf::anon_send_exit(ended.handle->actor, caf::exit_reason::user_shutdown);
  forget(ended);
}

void directory_actor::forget(entry& ended) {
  auto number = ended.handle->number;
  by_number_[number - 1] = nullptr;
  free_numbers_.push_back(number);
  std::push_heap(free_numbers_.begin(), free_numbers_.end(), std::greater<>{});
  rooms_.erase(rooms_.find(ended.which));
}

room_number directory_actor::take_number() {
  if (free_numbers_.empty()) {
    by_number_.push_back(nullptr);
    return static_cast<room_number>(by_number_.size());
  }
  std::pop_heap(free_numbers_.begin(), free_numbers_.end(), std::greater<>{});
  auto number = free_numbers_.back();
  free_numbers_.pop_back();
  return number;
}

directory_actor::entry& directory_actor::find_or_create(const key& which) {
  auto [found, is_new] = rooms_.try_emplace(which);
  if (!is_new)
    return *found->second;
  auto created = std::make_unique<entry>(*this);
  auto handle = std::make_shared<room_handle>();
  handle->space = which.first;
  handle->name = which.second;
  handle->number = take_number();
  handle->rules = &shared_.spaces[which.first].rules->rules_for(which.second);
  handle->flush_period = handle->rules->flush_period;
  auto& shard = shared_.place_for(*handle->rules, handle->name);
  handle->actor = spawn_pinned<room_actor>(shard, shared_, handle).handle;
  created->which = which;
  created->handle = handle;
  by_number_[handle->number - 1] = created.get();
  spdlog::debug("room \"{}\" is number {} on shard {}", handle->name, handle->number, shard.index());
  found->second = std::move(created);
  return *found->second;
}

void directory_actor::on_exit() {
  for (auto& [which, room] : rooms_)
    caf::anon_send_exit(room->handle->actor, caf::exit_reason::user_shutdown);
  rooms_.clear();
}

} // namespace troupe::actors
