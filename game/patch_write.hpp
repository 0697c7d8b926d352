#pragma once
#include "game/patch_bits.hpp"
#include "game/state_tree.hpp"

#include <span>
#include <utility>

// The bytes of docs/state-format.md, from the published copy of a state.

namespace troupe::game {

inline constexpr std::uint64_t snapshot_mark = 1;
inline constexpr std::uint64_t patch_mark = 2;

/// What stands in front of the root record. @pre `from` < `to`.
void write_patch_head(byte_buffer& to, tick_number from, tick_number to_tick);

/// The beginning of a record, up to its last number: whether it is full, else which leaves follow.
/// @param has  for each leaf whether it follows; all of them in a full record
void write_record_start(byte_buffer& to, const record_access& access,
                        const published_record& record, const std::vector<bool>& has, bool is_full);

/// Everything in `record` that changed after `since`; all of it when it was born after.
void write_record(byte_buffer& to, const record_access& access, const published_record& record,
                  tick_number since);

/// A removed entity: why it is gone.
struct removal {
  entity_id id = 0;
  bool is_destroyed = true; ///< else it only left the view
};

/// Writes ids in ascending order as distances from each other.
class id_writer {
public:
  /// @returns what stands for the id: its distance from the one before.
  entity_id step(entity_id id) noexcept { return id - std::exchange(next_, id + 1); }

private:
  entity_id next_ = 0;
};

/// The first half of a map: which entities are gone.
/// @pre ids ascend.
void write_removals(byte_buffer& to, std::span<const removal> removals);

/// Writes one leaf that is no number.
void write_branch(byte_buffer& to, const value_access& access, const published_value& value,
                  tick_number since);

} // namespace troupe::game
