#include "game/room_core.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace troupe::game {

room_core::room_core(const room_kind& kind) : kind_{kind} {
  state_.seats = seat_table{kind.options.max_players};
}

room_core::~room_core() = default;

void room_core::apply(const entry& next) {
  if (state_.is_closed)
    return;
  const auto before = effects_.size();
  try {
    run(next);
    remember(next, hooks::called);
  } catch (const std::exception& error) {
    forget_effects(before);
    recover(next, error.what());
  } catch (...) {
    forget_effects(before);
    recover(next, "an exception of unknown type");
  }
  if (std::exchange(is_listing_changed_, false) && !state_.is_closed)
    want(outgoing::listed{state_.metadata, state_.is_locked, state_.is_private});
}

std::optional<std::uint32_t> room_core::input_number(std::string_view name) const noexcept {
  const auto found = std::ranges::find(kind_.inputs, name, &typed_handler::name);
  if (found == kind_.inputs.end())
    return {};
  return static_cast<std::uint32_t>(found - kind_.inputs.begin());
}

player* room_core::find(player_id who) noexcept {
  const auto found = std::ranges::lower_bound(state_.players, who, {}, &player::id);
  return found != state_.players.end() && found->id() == who ? &*found : nullptr;
}

input_queue::limits room_core::input_limits() const noexcept {
  return {kind_.options.queued_inputs, kind_.options.inputs_per_tick, kind_.options.input_lead};
}

// -- what hooks ask for -------------------------------------------------------

void room_core::settle() {
  while (!removals_.empty()) {
    const auto who = removals_.back();
    removals_.pop_back();
    take_out(who, leave_reason::removed);
  }
  if (std::exchange(wants_close_, false))
    end(leave_reason::room_closed);
}

timer_id room_core::schedule(std::uint64_t ticks, std::string_view name, payload what) {
  const auto found = std::ranges::find(kind_.timers, name, &typed_handler::name);
  if (found == kind_.timers.end())
    throw std::logic_error{"The rooms \"" + kind_.name + "\" do not list " + std::string{name}
                           + " in `using timers = troupe::game::typed<...>`."};
  return state_.timers.add(state_.tick + std::max<std::uint64_t>(ticks, 1),
                           static_cast<std::uint32_t>(found - kind_.timers.begin()),
                           std::move(what));
}

void room_core::set_locked(bool value) {
  is_listing_changed_ |= std::exchange(state_.is_locked, value) != value;
}

void room_core::set_private(bool value) {
  is_listing_changed_ |= std::exchange(state_.is_private, value) != value;
}

void room_core::set_metadata(std::string_view key, metadata_value value) {
  state_.metadata.insert_or_assign(std::string{key}, std::move(value));
  is_listing_changed_ = true;
}

void room_core::send_event(const audience& to, std::string_view event, payload content,
                           const delivery& how) {
  want(outgoing::event{to, std::string{event}, std::move(content), how});
}

} // namespace troupe::game
