#pragma once
#include <cstddef>
#include <span>

#include "actors/messages.hpp"

namespace troupe::actors {

/// Collects what a room says during one batch of messages, and puts ordered broadcasts that follow
/// each other side by side in one frame per encoding: each member then costs one reference and,
/// if nothing else waits for it, no copy at all.
///
/// Threading:  belongs to its room.
class batch_builder {
public:
  /// Merged frames stay below this, so that one slow member is not charged for too much at once.
  static constexpr std::size_t max_merged_bytes = 32 * 1024;

  void broadcast(protocol::frame_set frames, const delivery& how, connection_id except,
                 std::string except_client = {});
  void direct(connection_id to, std::size_t shard, protocol::frame_ptr frame, const delivery& how);
  void join(connection_id who, std::size_t shard, protocol::frame_ptr frame,
            std::uint64_t ask_id = 0);
  void leave(connection_id who, std::size_t shard, protocol::frame_ptr frame,
             std::uint64_t ask_id = 0, bool is_forced = false);

  bool is_empty() const noexcept { return items_.empty(); }

  /// Everything since the last call, with its runs; the builder is empty afterwards.
  room_batch_ptr take(room_ptr room);

private:
  using item = room_batch::item;
  void add_member_item(room_batch::kind what, connection_id who, std::size_t shard,
                       protocol::frame_ptr frame, const delivery& how);

  std::vector<item> items_;
};

/// The runs of ordered broadcasts among `items`; runs of a single one are left out.
std::vector<room_batch::run> merge_runs(std::span<const room_batch::item> items);

} // namespace troupe::actors
