#pragma once
#include "troupe/game/spatial_grid.hpp"
#include "troupe/game/state_describe.hpp"
#include "troupe/game/state_patch.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace troupe::game {

/// Entities farther away than `beyond` are told in every `every`-th patch only.
struct view_tier {
  float beyond = 0;
  unsigned every = 1;
};

/// What one client sees of a state, and how much it is sent.
struct view_options {
  float radius = 0;             ///< placed entities come into view this near; 0: wherever they are
  float hysteresis = 0;         ///< and leave it when they are this much farther away than `radius`
  std::vector<view_tier> tiers = {}; ///< by ascending distance; nearer than the first: every patch
  std::size_t bytes_per_s = 0;  ///< budget; what does not fit comes later, by priority; 0: none
  std::size_t overhead = 0;     ///< bytes that transport adds to each patch, for the budget
  std::size_t window = 0;       ///< patches that may be unconfirmed; 0: what is made is delivered
};

struct view_state;

/// One client's place in the world and what it knows already: the memory from which its next patch
/// is made. Clients that must see the same can share one.
///
/// A patch covers everything since the last one that arrived. Over a connection that loses nothing
/// a patch has arrived once it is handed over, and `window` stays 0. Where a patch may be thrown
/// away for a newer one, or the connection may be cut, say what became of it: `delivered` for what
/// arrived, `rewind` when nothing after some tick did. The next patch then starts from there; it
/// does no harm when the client had more than that.
///
/// Threading:  one object, one thread, together with its publisher.
/// Ownership:  owns its memory: about 32 bytes per visible entity and unconfirmed patch.
/// Errors:     std::bad_alloc.
class client_view {
public:
  explicit client_view(view_options options = {});
  client_view(client_view&&) noexcept;
  client_view& operator=(client_view&&) noexcept;
  ~client_view();

  /// Where the client is.
  void look_from(map_point place) noexcept;

  /// Shows only entities for which `keep(id, entity)` is true, in this map. It is called while a
  /// patch is made, with the state that was published last.
  template <class State, class M, class F>
  void show_only(M State::*map, F keep) {
    set_filter(leaf_index(map), [keep = std::move(keep)](entity_id id, const void* entity) {
      return keep(id, *static_cast<const typename M::mapped_type*>(entity));
    });
  }

  /// Patches up to the one that led to `tick` have arrived.
  void delivered(tick_number tick);
  /// Patches after the one that led to `tick` are lost, or thrown away; 0: so is everything.
  void rewind(tick_number tick);

  /// The tick the last patch led to; 0 before the first.
  tick_number sent() const noexcept;
  /// Patches since the one that arrived last; with `window` of them there are no further ones.
  std::size_t unconfirmed() const noexcept;
  /// How many entities the client knows of.
  std::size_t known_entities() const noexcept;

private:
  friend class untyped_publisher;
  using filter = std::function<bool(entity_id, const void*)>;
  void set_filter(std::size_t leaf, filter keep);

  std::unique_ptr<view_state> state_;
};

} // namespace troupe::game
