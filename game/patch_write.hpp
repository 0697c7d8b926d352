#pragma once
#include "game/patch_bits.hpp"
#include "game/state_tree.hpp"

#include <span>
#include <utility>

// The bytes of docs/state-format.md, from the published copy of a state.

namespace troupe::game {

inline constexpr std::uint64_t snapshot_mark = 1;
inline constexpr std::uint64_t patch_mark = 2;
inline constexpr std::uint64_t exact_mark = 3;

/// What whoever reads a patch has.
struct baseline {
  tick_number since = 0;   ///< everything that changed later must be told; 0: has nothing
  bool is_exact = false;   ///< the patch is for nobody who knows more: numbers may be differences
  bool is_certain = false; ///< it is known what this record looks like there

  friend bool operator==(const baseline&, const baseline&) = default;
};

/// What stands in front of the root record. @pre `known.since` < `to_tick`.
void write_patch_head(byte_buffer& to, const baseline& known, tick_number to_tick);

/// The beginning of a record, up to its last number: whether it is full, else which leaves follow.
/// @param has  for each leaf whether it follows; all of them in a full record
void write_record_start(byte_buffer& to, const record_access& access,
                        const published_record& record, const std::vector<bool>& has,
                        const baseline& known);

/// Everything in `record` that is news; all of it when it was born since.
void write_record(byte_buffer& to, const record_access& access, const published_record& record,
                  baseline known);

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
                  const baseline& known);

} // namespace troupe::game
