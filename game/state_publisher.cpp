#include "troupe/game/state_publisher.hpp"

#include "game/budget.hpp"
#include "game/interest_plan.hpp"
#include "game/patch_cache.hpp"
#include "game/patch_write.hpp"
#include "game/state_tree.hpp"

#include <algorithm>
#include <map>

namespace troupe::game {

namespace {

shared_bytes share(byte_buffer bytes) {
  return std::make_shared<const byte_buffer>(std::move(bytes));
}

void write_plan(byte_buffer& to, const published_entities& map, const map_plan& plan,
                body_cache& bodies) {
  write_removals(to, plan.removals);
  append_varint(to, plan.entities.size());
  id_writer ids;
  for (const auto& told : plan.entities) {
    append_varint(to, ids.step(map.at(told.rank).id));
    append(to, bodies.body(map, told.rank, told.known));
  }
}

bool is_empty(const map_plan& plan) {
  return plan.removals.empty() && plan.entities.empty();
}

} // namespace

struct untyped_publisher::implementation {
  implementation(const record_access& what, const publisher_options& how)
      : access{what},
        going{.max_gone = how.max_removals},
        budget{{.ticks_per_s = how.ticks_per_s, .longest_wait_s = how.longest_wait_s}} {
    world.grid = spatial_grid{how.cell_size};
    for (std::size_t i = 0; i < what.leaves.size(); ++i)
      if (what.leaves[i].value->kind == field_kind::map)
        world.maps.push_back({.leaf = i, .access = what.leaves[i].value, .where = {}});
  }

  void publish(const void* state, tick_number now);
  void rank_entities(const void* state);
  void place_entities(published_entities& map);
  /// Whether a state of this tick was published here, and not by a publisher before.
  bool is_ours(tick_number tick) const noexcept { return tick >= root.born && tick <= world.now; }
  state_patch whole(baseline known);
  std::optional<state_patch> partial(view_state& view);
  std::vector<bool> root_leaves(tick_number from, std::span<const map_plan> plans) const;
  shared_bytes write(const baseline& known, const std::vector<bool>& has,
                     std::span<const map_plan> plans);
  void remember(view_state& view, tick_number from, std::span<const map_plan> plans) const;

  const record_access& access;
  publication going;
  published_record root;
  published_world world;
  std::map<std::pair<tick_number, bool>, state_patch> wholes; ///< of this publication
  body_cache bodies;
  plan_cache patches;
  interest_planner planner;
  byte_budget budget;
  std::vector<map_plan> plans;      ///< scratch memory
  std::vector<map_point> positions; ///< scratch memory, by rank
};

void untyped_publisher::implementation::publish(const void* state, tick_number now) {
  going.now = world.now = now;
  ++world.round;
  publish_record(root, access, state, going);
  rank_entities(state);
  wholes.clear();
  patches.clear();
  bodies.clear(world.maps.empty() ? 0 : world.maps.back().end_rank, going.forgotten);
}

void untyped_publisher::implementation::rank_entities(const void* state) {
  std::uint32_t rank = 0;
  positions.clear();
  for (auto& map : world.maps) {
    map.map = std::get<std::unique_ptr<published_map>>(root.leaves[map.leaf].content).get();
    map.source = access.leaves[map.leaf].locate(state);
    map.first_rank = rank;
    map.end_rank = rank += static_cast<std::uint32_t>(map.map->entities.size());
    place_entities(map);
  }
  world.grid.rebuild(positions);
}

void untyped_publisher::implementation::place_entities(published_entities& map) {
  constexpr auto nowhere = std::numeric_limits<float>::quiet_NaN();
  positions.resize(map.end_rank, {nowhere, nowhere});
  if (!map.where)
    return;
  auto rank = map.first_rank;
  std::pair<implementation*, std::pair<published_entities*, std::uint32_t*>> context{this,
                                                                                     {&map, &rank}};
  map.access->map.visit(map.source, &context, [](void* to, entity_id id, const void* entity) {
    auto& [self, at] = *static_cast<decltype(context)*>(to);
    if (id > max_entity_id)
      return;
    auto& known = *at.first->map->entities[*at.second - at.first->first_rank];
    self->positions[(*at.second)++] = known.where = at.first->where(entity);
  });
}

/// The whole state or everything that changed in it: the same for all who know the same tick.
state_patch untyped_publisher::implementation::whole(baseline known) {
  const auto forgotten = std::max(going.forgotten, going.forgotten_entities);
  if (!is_ours(known.since) || known.since < forgotten)
    known = {};
  auto& made = wholes[{known.since, known.is_exact}];
  if (!made.bytes) {
    byte_buffer bytes;
    write_patch_head(bytes, known, world.now);
    write_record(bytes, access, root, known);
    made = {known.since, world.now, share(std::move(bytes))};
  }
  return made;
}

std::vector<bool>
untyped_publisher::implementation::root_leaves(tick_number from,
                                               std::span<const map_plan> told) const {
  std::vector<bool> has(root.leaves.size());
  for (std::size_t i = 0; i < has.size(); ++i)
    has[i] = root.leaves[i].changed > from;
  for (std::size_t i = 0; i < told.size(); ++i)
    has[world.maps[i].leaf] = from == 0 || !is_empty(told[i]);
  return has;
}

shared_bytes untyped_publisher::implementation::write(const baseline& known,
                                                      const std::vector<bool>& has,
                                                      std::span<const map_plan> told) {
  byte_buffer bytes;
  write_patch_head(bytes, known, world.now);
  write_record_start(bytes, access, root, has, known);
  std::size_t next_map = 0;
  for (auto i = access.numbers; i < has.size(); ++i) {
    const bool is_map = access.leaves[i].value->kind == field_kind::map;
    const auto map = is_map ? next_map++ : 0;
    if (has[i] && is_map)
      write_plan(bytes, world.maps[map], told[map], bodies);
    else if (has[i])
      write_branch(bytes, *access.leaves[i].value, root.leaves[i], known);
  }
  return share(std::move(bytes));
}

/// The view's client has the plan's news now, and can be rewound to what it had before.
void untyped_publisher::implementation::remember(view_state& view, tick_number from,
                                                 std::span<const map_plan> told) const {
  if (from == 0)
    view.unconfirmed.clear(); // nobody needs what was before a snapshot
  unconfirmed_patch patch{from, world.now, {}};
  for (std::size_t i = 0; i < told.size(); ++i) {
    for (const auto& gone : told[i].removals)
      patch.told.push_back({i, gone.id, 0});
    for (const auto& each : told[i].entities) {
      auto& known = view.known[i][each.position];
      patch.told.push_back({i, known.id, known.since});
      known = {.id = known.id, .since = world.now, .asked = 0, .is_told = true};
    }
  }
  view.sent = world.now;
  view.is_exact = true;
  if (view.options.window > 0)
    view.unconfirmed.push_back(std::move(patch));
}

std::optional<state_patch> untyped_publisher::implementation::partial(view_state& view) {
  if (!budget.pay(view, world.now))
    return {};
  const auto from = is_ours(view.sent) && view.sent >= going.forgotten ? view.sent : 0;
  view.sent = from;
  planner.plan(world, view, plans);
  view.last_round = world.round;
  budget.select(world, view, bodies, plans);
  const auto has = root_leaves(from, plans);
  if (std::ranges::find(has, true) == has.end())
    return {};
  const auto known = from == 0 ? baseline{} : baseline{from, view.is_exact, view.is_exact};
  patches.key(world, bodies, known, plans);
  auto bytes = patches.find();
  if (!bytes)
    patches.add(bytes = write(known, has, plans));
  budget.spend(view, bytes->size());
  remember(view, from, plans);
  return state_patch{from, world.now, std::move(bytes)};
}

untyped_publisher::untyped_publisher(const record_access& access, publisher_options options)
    : implementation_{std::make_unique<implementation>(access, options)} {}
untyped_publisher::~untyped_publisher() = default;

void untyped_publisher::place(std::size_t leaf, locator where) {
  for (auto& map : implementation_->world.maps)
    if (map.leaf == leaf)
      map.where = where;
}

void untyped_publisher::publish(const void* state, tick_number now) {
  implementation_->publish(state, now);
}

state_patch untyped_publisher::snapshot() {
  return implementation_->whole({});
}

std::optional<state_patch> untyped_publisher::patch_since(tick_number known) {
  if (known >= implementation_->root.changed && implementation_->is_ours(known))
    return {};
  return implementation_->whole({.since = known});
}

std::optional<state_patch> untyped_publisher::patch_for(client_view& client) {
  auto& view = *client.state_;
  const bool is_full_window =
      view.options.window > 0 && view.unconfirmed.size() >= view.options.window;
  if (is_full_window || view.sent == implementation_->world.now)
    return {};
  if (!view.is_whole())
    return implementation_->partial(view);
  if (view.sent >= implementation_->root.changed && implementation_->is_ours(view.sent))
    return {};
  auto patch = implementation_->whole({view.sent, view.is_exact, view.is_exact});
  implementation_->remember(view, patch.from, {});
  return patch;
}

} // namespace troupe::game
