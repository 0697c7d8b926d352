#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "actors/messages.hpp"
#include "actors/pinned_actor.hpp"
#include "actors/runtime.hpp"

namespace troupe::actors {

/// Knows every room by name: creates one when somebody joins, on the least loaded shard or
/// worker, and disposes of it once it has been empty for a while.
///
/// All joins pass through here, so that a room can only end when none is on its way: the room says
/// after which join it found itself empty, and a later join cancels its end.
///
/// Threading:  pinned to the first shard.
class directory_actor final : public pinned_actor {
public:
  directory_actor(caf::actor_config& config, shard& home, runtime& shared);
  ~directory_actor() override;

  const char* name() const override { return "directory"; }
  caf::behavior make_behavior() override;

private:
  struct entry;
  using key = std::pair<std::size_t, std::string>; ///< space, room name

  void join(const std::shared_ptr<join_room>& request);
  void emit(const find_and_emit& request);
  void visit(const visit_room& request);
  void emptied(const room_emptied& report);
  void closed(const room_closed& report);
  void dispose(entry& ended);
  void forget(entry& ended);
  entry& find_or_create(const key& which);
  room_number take_number();
  void on_exit() override;

  runtime& shared_;
  std::map<key, std::unique_ptr<entry>> rooms_;
  std::vector<entry*> by_number_;           ///< index = number - 1; null: free
  std::vector<room_number> free_numbers_;   ///< min-heap
};

} // namespace troupe::actors
