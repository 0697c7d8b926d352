#pragma once
#include "troupe/game/client_view.hpp"

#include <deque>
#include <functional>
#include <vector>

namespace troupe::game {

/// An entity that a client has been told of, or is about to be.
struct known_entity {
  entity_id id = 0;
  tick_number since = 0;  ///< what it looked like then is known; 0: it must be told in full
  tick_number asked = 0;  ///< news have been waiting since this tick; 0: there are none
  bool is_told = false;   ///< the client may have it
  bool is_certain = true; ///< and has nothing newer than `since`
};

/// How to undo one thing that a patch told.
struct told_entity {
  std::size_t map = 0; ///< position among the maps of the state
  entity_id id = 0;
  tick_number since_before = 0; ///< 0 also for what entered or left
};

struct unconfirmed_patch {
  tick_number from = 0;
  tick_number to = 0;
  std::vector<told_entity> told;
};

/// The memory behind a `client_view`.
struct view_state {
  view_options options;
  map_point center;
  std::vector<std::pair<std::size_t, std::function<bool(entity_id, const void*)>>> filters;
  std::vector<std::vector<known_entity>> known; ///< for each map of the state, by ascending id
  tick_number sent = 0;
  bool is_exact = true;         ///< the client's state is that of `sent`, and not newer
  std::uint64_t last_round = 0; ///< the publication that the last patch was made from
  double allowance = 0;         ///< bytes that may be sent; negative after more than that
  tick_number paid_until = 0;   ///< up to where the allowance has been paid
  std::deque<unconfirmed_patch> unconfirmed;

  /// Whether the client sees everything at once, so that no memory per entity is needed.
  bool is_whole() const noexcept {
    return options.radius <= 0 && options.bytes_per_s == 0 && options.tiers.empty()
           && filters.empty();
  }
  float reach() const noexcept { return options.radius + options.hysteresis; }
  unsigned every(float squared_distance) const noexcept;
  void undo(const unconfirmed_patch& patch);
};

} // namespace troupe::game
