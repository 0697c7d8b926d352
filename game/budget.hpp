#pragma once
#include "game/interest_plan.hpp"
#include "game/patch_cache.hpp"

#include <vector>

namespace troupe::game {

/// How ticks and bytes relate.
struct budget_rules {
  double ticks_per_s = 20;
  double longest_wait_s = 0.5;
};

/// Cuts what a patch tells down to what its view may be sent.
///
/// Entities go by priority: how long their news have been waiting, times how near they are; those
/// that waited too long go first, the longest waiting before all. What is left out keeps waiting,
/// so its priority grows until it goes.
///
/// Threading:  one object, one thread. Ownership: keeps scratch memory only.
class byte_budget {
public:
  explicit byte_budget(budget_rules rules) noexcept : rules_{rules} {}

  /// Pays the view its bytes for the time since the last call.
  /// @returns whether it may be sent anything; always without a budget.
  bool pay(view_state& view, tick_number now) const;

  /// Leaves in `plans` what the view's allowance is enough for.
  void select(const published_world& world, const view_state& view, body_cache& bodies,
              std::vector<map_plan>& plans);

  /// Takes the bytes of a patch from the view's allowance.
  static void spend(view_state& view, std::size_t bytes) noexcept;

private:
  struct candidate {
    double priority = 0;
    std::size_t map = 0;
    std::size_t position = 0; ///< in the map's plan
  };

  double priority(const view_state& view, const planned_entity& told, tick_number waited) const;

  budget_rules rules_;
  std::vector<candidate> candidates_;
  std::vector<std::vector<bool>> chosen_;
};

} // namespace troupe::game
