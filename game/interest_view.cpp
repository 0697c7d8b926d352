#include "game/interest_view.hpp"

#include <algorithm>

namespace troupe::game {

unsigned view_state::every(float squared_distance) const noexcept {
  unsigned patches = 1;
  for (const auto& tier : options.tiers)
    if (squared_distance > tier.beyond * tier.beyond)
      patches = std::max(tier.every, 1U);
  return patches;
}

/// Nobody knows whether the client had the patch: what entered or left by it is told again in full,
/// or leaves again.
void view_state::undo(const unconfirmed_patch& patch) {
  for (auto told = patch.told.rbegin(); told != patch.told.rend(); ++told) {
    auto& all = known[told->map];
    auto found = std::ranges::lower_bound(all, told->id, {}, &known_entity::id);
    if (found == all.end() || found->id != told->id)
      found = all.insert(found, {.id = told->id});
    else if (found->since != 0)
      found->since = told->since_before;
    found->asked = patch.to;
    found->is_told = true;
    found->is_certain = false;
  }
  sent = patch.from;
}

client_view::client_view(view_options options) : state_{std::make_unique<view_state>()} {
  state_->options = std::move(options);
}
client_view::client_view(client_view&&) noexcept = default;
client_view& client_view::operator=(client_view&&) noexcept = default;
client_view::~client_view() = default;

void client_view::look_from(map_point place) noexcept {
  state_->center = place;
}

void client_view::set_filter(std::size_t leaf, filter keep) {
  state_->filters.emplace_back(leaf, std::move(keep));
}

void client_view::delivered(tick_number tick) {
  auto& waiting = state_->unconfirmed;
  while (!waiting.empty() && waiting.front().to <= tick)
    waiting.pop_front();
}

void client_view::rewind(tick_number tick) {
  auto& waiting = state_->unconfirmed;
  state_->is_exact = state_->is_exact && state_->sent <= tick;
  for (; !waiting.empty() && waiting.back().to > tick; waiting.pop_back())
    state_->undo(waiting.back());
  if (state_->sent > tick) // longer ago than is remembered: a snapshot helps those who need memory
    state_->sent = state_->is_whole() ? tick : 0;
}

tick_number client_view::sent() const noexcept {
  return state_->sent;
}

std::size_t client_view::unconfirmed() const noexcept {
  return state_->unconfirmed.size();
}

std::size_t client_view::known_entities() const noexcept {
  std::size_t count = 0;
  for (const auto& map : state_->known)
    count += static_cast<std::size_t>(std::ranges::count(map, true, &known_entity::is_told));
  return count;
}

} // namespace troupe::game
