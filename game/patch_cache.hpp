#pragma once
#include "troupe/game/state_patch.hpp"

#include "game/interest_plan.hpp"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe::game {

/// The bytes of entities in the patches of one publication, each made once for all clients that
/// know it from the same tick on.
///
/// Threading:  one object, one thread. Ownership: owns the bytes until `clear`.
class body_cache {
public:
  /// Forgets everything. @param forgotten  patches within an entity cannot start before this tick
  void clear(std::uint32_t ranks, tick_number forgotten);

  /// The latest tick that gives the same bytes as `since`, or 0 for everything.
  tick_number canonical(const published_record& record, tick_number since) const noexcept;

  /// Valid until the next call.
  byte_view body(const published_entities& map, std::uint32_t rank, baseline known);

private:
  struct made_body {
    baseline known;
    std::size_t offset = 0;
    std::size_t size = 0;
  };

  byte_buffer bytes_;
  std::vector<std::vector<made_body>> made_; ///< for each rank
  tick_number forgotten_ = 0;
};

/// The patches of one publication, each made once for all clients whose plans are the same.
///
/// Threading:  one object, one thread. Ownership: shares the patches until `clear`.
class plan_cache {
public:
  using plan_key = std::vector<std::uint64_t>;

  void clear() { made_.clear(); }

  /// What the patch depends on, in numbers: equal keys mean equal bytes.
  const plan_key& key(const published_world& world, const body_cache& bodies, const baseline& root,
                      std::span<const map_plan> plans);
  /// The patch made for the last key before, or null.
  shared_bytes find() const;
  void add(shared_bytes bytes);

private:
  std::uint64_t hash() const noexcept;

  plan_key key_;
  std::uint64_t hash_ = 0;
  std::unordered_map<std::uint64_t, std::vector<std::pair<plan_key, shared_bytes>>> made_;
};

} // namespace troupe::game
