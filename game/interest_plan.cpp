#include "game/interest_plan.hpp"

#include <algorithm>
#include <bit>

namespace troupe::game {

namespace {

constexpr std::size_t word_bits = 64;

/// Whether one of the publications after `last` is one in which the entity has its turn.
bool has_turn(entity_id id, unsigned every, std::uint64_t last, std::uint64_t round) {
  return every <= 1 || (round + id) / every != (last + id) / every;
}

bool is_there(const published_entities& map, entity_id id) {
  const auto& all = map.map->entities;
  const auto found = std::lower_bound(
      all.begin(), all.end(), id, [](const auto& each, entity_id key) { return each->id < key; });
  return found != all.end() && (*found)->id == id;
}

bool passes(const published_entities& map, const view_state& view, entity_id id) {
  for (const auto& [leaf, keep] : view.filters)
    if (leaf == map.leaf) {
      const void* const entity = map.access->map.find(map.source, id);
      if (!entity || !keep(id, entity))
        return false;
    }
  return true;
}

/// Whether an entity that `known` tells of, or one that is new, is in the view.
bool is_seen(const published_entities& map, const view_state& view, entity_id id,
             float squared_distance, bool is_known) {
  const bool is_near = !map.where || view.options.radius <= 0 || is_known
                       || squared_distance <= view.options.radius * view.options.radius;
  return is_near && passes(map, view, id);
}

} // namespace

void interest_planner::mark_visible(const published_world& world, const view_state& view) {
  const auto ranks = world.maps.empty() ? 0 : world.maps.back().end_rank;
  visible_.assign(ranks / word_bits + 1, 0);
  squared_distance_.resize(ranks);
  const auto mark = [this](std::uint32_t rank, float distance) {
    visible_[rank / word_bits] |= std::uint64_t{1} << rank % word_bits;
    squared_distance_[rank] = distance;
  };
  hits_.clear();
  if (view.options.radius > 0)
    world.grid.find_within(view.center, view.reach(), hits_);
  for (const auto& hit : hits_)
    mark(hit.index, hit.squared_distance);
  for (const auto& map : world.maps)
    if (!map.where || view.options.radius <= 0)
      for (auto rank = map.first_rank; rank < map.end_rank; ++rank)
        mark(rank, map.where ? squared_distance(map.at(rank).where, view.center) : 0.0F);
}

void interest_planner::plan(const published_world& world, view_state& view,
                            std::vector<map_plan>& plans) {
  mark_visible(world, view);
  plans.resize(world.maps.size());
  view.known.resize(world.maps.size());
  for (std::size_t i = 0; i < plans.size(); ++i) {
    plans[i].removals.clear();
    plans[i].entities.clear();
    if (view.sent == 0)
      view.known[i].clear();
    merge(world, world.maps[i], view, view.known[i], plans[i]);
  }
}

/// Walks what is known beside what is visible: both ascend.
void interest_planner::merge(const published_world& world, const published_entities& map,
                             view_state& view, std::vector<known_entity>& known, map_plan& plan) {
  next_.clear();
  auto old = known.begin();
  const auto leave_until = [&](entity_id id) {
    for (; old != known.end() && old->id < id; ++old)
      leave(map, *old, plan);
  };
  for (auto word = map.first_rank / word_bits; word * word_bits < map.end_rank; ++word)
    for (auto bits = visible_[word]; bits != 0; bits &= bits - 1) {
      const auto rank = static_cast<std::uint32_t>(word * word_bits)
                        + static_cast<std::uint32_t>(std::countr_zero(bits));
      if (rank < map.first_rank || rank >= map.end_rank)
        continue;
      const auto id = map.at(rank).id;
      leave_until(id);
      const bool is_known = old != known.end() && old->id == id;
      if (is_seen(map, view, id, squared_distance_[rank], is_known && old->is_told))
        keep(world, map, view, is_known ? *old : known_entity{.id = id}, rank, plan);
      else if (is_known)
        leave(map, *old, plan);
      if (is_known)
        ++old;
    }
  leave_until(max_entity_id + 1);
  known.swap(next_);
}

void interest_planner::keep(const published_world& world, const published_entities& map,
                            const view_state& view, known_entity entity, std::uint32_t rank,
                            map_plan& plan) {
  const auto distance = squared_distance_[rank];
  const bool is_news = map.at(rank).record.changed > entity.since;
  if (is_news && entity.asked == 0
      && (entity.since == 0
          || has_turn(entity.id, view.every(distance), view.last_round, world.round)))
    entity.asked = world.now;
  if (is_news && entity.asked != 0)
    plan.entities.push_back({rank,
                             static_cast<std::uint32_t>(next_.size()),
                             {entity.since, view.is_exact, view.is_exact && entity.is_certain},
                             distance});
  next_.push_back(entity);
}

void interest_planner::leave(const published_entities& map, const known_entity& entity,
                             map_plan& plan) {
  if (entity.is_told)
    plan.removals.push_back({entity.id, !is_there(map, entity.id)});
}

} // namespace troupe::game
