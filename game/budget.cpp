#include "game/budget.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::game {

namespace {

/// An allowance that nobody uses is kept for so long.
constexpr double longest_saving_s = 0.25;
/// What stands around an entity's bytes in a patch, on the average: its id.
constexpr double id_bytes = 1.5;
/// How much more often than the farthest the nearest are told.
constexpr double nearness_weight = 4;
/// Above any priority that nearness and patience can give.
constexpr double urgent = 1e9;

} // namespace

bool byte_budget::pay(view_state& view, tick_number now) const {
  const auto rate = static_cast<double>(view.options.bytes_per_s);
  if (rate <= 0)
    return true;
  const auto first = static_cast<double>(now - view.paid_until) / rules_.ticks_per_s;
  const auto elapsed = view.paid_until == 0 ? 1 / rules_.ticks_per_s : first;
  view.paid_until = now;
  view.allowance = std::min(view.allowance + rate * elapsed, rate * longest_saving_s);
  return view.allowance > static_cast<double>(view.options.overhead);
}

double byte_budget::priority(const view_state& view, const planned_entity& told,
                             tick_number waited) const {
  const auto age = static_cast<double>(waited) + 1;
  if (age / rules_.ticks_per_s >= rules_.longest_wait_s)
    return urgent + age;
  const double reach = std::max(view.reach(), 1.0F);
  const double nearness = 1 - std::min(std::sqrt(double{told.squared_distance}) / reach, 1.0);
  return age * (1 + (nearness_weight - 1) * nearness);
}

void byte_budget::select(const published_world& world, const view_state& view, body_cache& bodies,
                         std::vector<map_plan>& plans) {
  if (view.options.bytes_per_s == 0)
    return;
  candidates_.clear();
  chosen_.resize(plans.size());
  double left = view.allowance - static_cast<double>(view.options.overhead);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    chosen_[i].assign(plans[i].entities.size(), false);
    left -= id_bytes * static_cast<double>(plans[i].removals.size());
    for (std::size_t j = 0; j < plans[i].entities.size(); ++j) {
      const auto& told = plans[i].entities[j];
      const auto waited = world.now - view.known[i][told.position].asked;
      candidates_.push_back({priority(view, told, waited), i, j});
    }
  }
  std::ranges::stable_sort(candidates_, std::greater{}, &candidate::priority);
  for (const auto& each : candidates_) {
    const auto& told = plans[each.map].entities[each.position];
    const auto body = bodies.body(world.maps[each.map], told.rank, told.known);
    left -= id_bytes + static_cast<double>(body.size());
    if (left < 0 && &each != &candidates_.front()) // one that is too large for any patch goes alone
      break;
    chosen_[each.map][each.position] = true;
  }
  for (std::size_t i = 0; i < plans.size(); ++i) {
    std::size_t position = 0;
    std::erase_if(plans[i].entities, [&](const auto&) { return !chosen_[i][position++]; });
  }
}

void byte_budget::spend(view_state& view, std::size_t bytes) noexcept {
  if (view.options.bytes_per_s > 0)
    view.allowance -= static_cast<double>(bytes + view.options.overhead);
}

} // namespace troupe::game
