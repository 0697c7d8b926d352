// Snapshots of a room, and how it gets over exceptions.
#include "game/room_core.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace troupe::game {

namespace {

constexpr std::uint32_t snapshot_format = 2;
constexpr std::chrono::minutes failure_window{1};

} // namespace

// -- snapshots ----------------------------------------------------------------

void room_core::write_state(state_writer& to) {
  to(state_);
  kind_.save(*user_, to);
}

std::vector<std::byte> room_core::snapshot() {
  state_writer to;
  to(snapshot_format, kind_.name);
  write_state(to);
  return to.take();
}

std::uint64_t room_core::state_hash() {
  scratch_.clear();
  if (user_)
    write_state(scratch_);
  return hash_state(scratch_.bytes());
}

/// Whether the rest of the code may rely on it.
bool room_core::saved_state::is_sound(const room_options& limits) const {
  const auto has_seat = [&](const player& each) { return each.seat() < limits.max_players; };
  return is_created && now >= milliseconds{0} && now <= latest_time
         && (!empty_since || (*empty_since >= milliseconds{0} && *empty_since <= now))
         && seats.size() == limits.max_players && std::ranges::all_of(players, has_seat)
         && std::ranges::is_sorted(players, std::ranges::less_equal{}, &player::id)
         && (players.empty() || players.back().id() <= last_player);
}

bool room_core::read_state(state_reader& from) {
  std::uint32_t format = 0;
  std::string name;
  if (!from(format, name) || format != snapshot_format || name != kind_.name || !from(state_)
      || !state_.is_sound(kind_.options))
    return false;
  user_ = kind_.make();
  user_->context_ = this;
  return kind_.load(*user_, from) && from.is_done();
}

bool room_core::load(byte_view snapshot) {
  state_reader from{snapshot};
  if (!read_state(from))
    return false;
  last_snapshot_.assign(snapshot.begin(), snapshot.end());
  return true;
}

void room_core::remember(const entry& applied, hooks were) {
  if (state_.is_closed || !state_.is_created)
    return;
  const bool ticked = std::holds_alternative<incoming::tick>(applied.what);
  const bool is_due = ticked && state_.tick % kind_.options.snapshot_every == 0;
  if (!is_due && !last_snapshot_.empty())
    return since_snapshot_.push_back({applied, were});
  last_snapshot_ = snapshot();
  since_snapshot_.clear();
}

// -- after exceptions ---------------------------------------------------------

void room_core::recover(const entry& failed, std::string why) {
  removals_.clear();
  wants_close_ = false;
  is_listing_changed_ = true;
  want(outgoing::failed{std::move(why)});
  if (allows_another_failure() && restore())
    skip(failed);
  else
    give_up();
}

bool room_core::allows_another_failure() {
  failures_.push_back(state_.now);
  while (failures_.front() + failure_window <= state_.now)
    failures_.pop_front();
  return failures_.size() <= kind_.options.failures_allowed;
}

bool room_core::restore() {
  const auto effects_before = effects_.size();
  state_reader from{last_snapshot_};
  try {
    if (last_snapshot_.empty() || !read_state(from))
      return false;
    for (const auto& each : since_snapshot_) {
      hooks_ = each.were;
      run(each.what);
    }
  } catch (...) { // it did not throw when it ran first: the room is not deterministic
    return false;
  }
  hooks_ = hooks::called;
  forget_effects(effects_before);
  return true;
}

/// What the entry means without the user's code.
void room_core::skip(const entry& failed) {
  hooks_ = hooks::silent;
  run(failed);
  hooks_ = hooks::called;
  remember(failed, hooks::silent);
}

void room_core::give_up() {
  hooks_ = hooks::silent;
  end(leave_reason::room_failed);
}

} // namespace troupe::game
