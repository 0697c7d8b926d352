#pragma once
#include "troupe/game/spatial_grid.hpp"

#include "game/interest_view.hpp"
#include "game/patch_write.hpp"
#include "game/state_tree.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace troupe::game {

/// A map of the state, as published.
struct published_entities {
  std::size_t leaf = 0; ///< of the root
  const value_access* access = nullptr;
  const published_map* map = nullptr;
  const void* source = nullptr; ///< the application's map
  std::function<map_point(const void*)> where;
  std::uint32_t first_rank = 0; ///< entities have consecutive ranks, over all maps
  std::uint32_t end_rank = 0;

  const published_entity& at(std::uint32_t rank) const noexcept {
    return *map->entities[rank - first_rank];
  }
};

/// What all views of one publication are planned from.
struct published_world {
  std::vector<published_entities> maps;
  spatial_grid grid;
  tick_number now = 0;
  std::uint64_t round = 0; ///< counts publications
};

/// An entity that a patch will tell.
struct planned_entity {
  std::uint32_t rank = 0;
  std::uint32_t position = 0; ///< in the view's memory
  baseline known;
  float squared_distance = 0;
};

/// What a patch for one view tells of one map.
struct map_plan {
  std::vector<removal> removals;
  std::vector<planned_entity> entities; ///< by ascending rank
};

/// Finds out, for one view after the other, what is in view and what is news.
///
/// Threading:  one object, one thread. Ownership: keeps scratch memory only.
class interest_planner {
public:
  /// Fills `plans`, one for each map of the world, and brings the view's memory up to date with
  /// what it sees, but not with what it is told.
  void plan(const published_world& world, view_state& view, std::vector<map_plan>& plans);

private:
  void mark_visible(const published_world& world, const view_state& view);
  void merge(const published_world& world, const published_entities& map, view_state& view,
             std::vector<known_entity>& known, map_plan& plan);
  void keep(const published_world& world, const published_entities& map, const view_state& view,
            known_entity entity, std::uint32_t rank, map_plan& plan);
  static void leave(const published_entities& map, const known_entity& entity, map_plan& plan);

  std::vector<std::uint64_t> visible_;  ///< one bit for each rank
  std::vector<float> squared_distance_; ///< for each rank that is visible
  std::vector<spatial_grid::hit> hits_;
  std::vector<known_entity> next_;
};

} // namespace troupe::game
