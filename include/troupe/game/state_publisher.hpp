#pragma once
#include "troupe/game/client_view.hpp"
#include "troupe/game/schema.hpp"
#include "troupe/game/state_patch.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace troupe::game {

struct publisher_options {
  double ticks_per_s = 20;          ///< what a tick is worth to byte budgets
  float cell_size = 64;             ///< of the grid, in units of the map; see `spatial_grid`
  std::size_t max_removals = 1'024; ///< remembered per map, for patches that start long ago
  double longest_wait_s = 0.5;      ///< after this an entity goes before nearer ones
};

/// A publisher that knows the state's type by its table only.
///
/// Threading:  one object, one thread. Ownership: views the state given to `publish`.
/// Errors:     as `state_publisher`.
class untyped_publisher {
public:
  using locator = std::function<map_point(const void* entity)>;

  untyped_publisher(const record_access& access, publisher_options options);
  ~untyped_publisher();
  untyped_publisher(const untyped_publisher&) = delete;
  untyped_publisher& operator=(const untyped_publisher&) = delete;

  void place(std::size_t leaf, locator where);
  void publish(const void* state, tick_number now);
  state_patch snapshot();
  std::optional<state_patch> patch_since(tick_number known);
  std::optional<state_patch> patch_for(client_view& view);

private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

/// The server's side of a state that synchronises itself: finds out what changed, and makes the
/// bytes that bring clients up to date.
///
/// `publish` compares the state with the copy published before, so the room changes its state as
/// it likes and marks nothing. Bytes are made at most once per entity, per tick from which it is
/// known, and per publication; clients that see the same from the same tick on share one buffer
/// (the same `shared_bytes`, so a frame made of it can be shared, too).
///
/// A publisher that takes over from another, as in a room that was restored at an earlier tick,
/// sends snapshots to the views of its predecessor.
///
/// Threading:  one object, one thread. Deterministic: the same calls give the same bytes.
/// Ownership:  owns a copy of the state as codes, about 64 bytes per number. Views the state given
///             to `publish` until the next one, for filters of views.
/// Errors:     std::bad_alloc; exceptions of the application's functions pass through.
template <class State>
class state_publisher {
public:
  explicit state_publisher(publisher_options options = {})
      : publisher_{record_of<State>(), options} {}

  /// Tells where the entities of a map are, for views with a radius. Before the first `publish`.
  template <class M, class F>
  void place(M State::*map, F where) {
    publisher_.place(leaf_index(map), [where = std::move(where)](const void* entity) {
      return where(*static_cast<const typename M::mapped_type*>(entity));
    });
  }

  /// Takes the state of a tick over. @pre `now` is greater than at the last call, and at least 1.
  void publish(const State& state, tick_number now) { publisher_.publish(&state, now); }

  /// Everything, for whoever knows nothing. @pre something was published; so below.
  state_patch snapshot() { return publisher_.snapshot(); }

  /// Everything that changed since the state of tick `known`: a snapshot when that is too long
  /// ago, nothing when nothing did.
  std::optional<state_patch> patch_since(tick_number known) {
    return publisher_.patch_since(known);
  }

  /// What is new for a view since its last patch; nothing when nothing is, or when as many patches
  /// are unconfirmed as its window allows: what it misses now is merged into a later one.
  std::optional<state_patch> patch_for(client_view& view) { return publisher_.patch_for(view); }

private:
  untyped_publisher publisher_;
};

} // namespace troupe::game
