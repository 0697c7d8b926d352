// What each entry does to a room.
#include "troupe/refused.hpp"

#include "game/room_core.hpp"

#include <algorithm>
#include <utility>

namespace troupe::game {

void room_core::run(const entry& next) {
  state_.now = std::clamp(next.at, state_.now, latest_time);
  const bool is_creation = std::holds_alternative<incoming::create>(next.what);
  if (is_creation == state_.is_created)
    return; // the first entry, and only the first, creates
  std::visit([this](const auto& what) { run(what); }, next.what);
}

void room_core::run(const incoming::create& what) {
  state_.random = random_source{what.seed};
  state_.options = what.options;
  state_.metadata = what.metadata;
  state_.is_private = what.is_private;
  user_ = kind_.make();
  user_->context_ = this;
  is_listing_changed_ = true;
  call([&](room& user) { user.on_create(game::options{state_.options}); });
  state_.is_created = true;
}

// -- seats --------------------------------------------------------------------

void room_core::run(const incoming::reserve& what) {
  state_.has_told_empty = false;
  state_.empty_since.reset();
  if (!state_.seats.reserve(what.token, state_.now + kind_.options.reservation))
    want(outgoing::seats_freed{1});
}

void room_core::run(const incoming::release& what) {
  if (state_.seats.release(what.token))
    want(outgoing::seats_freed{1});
}

void room_core::expire() {
  const auto ended = state_.seats.expire(state_.now);
  if (ended.reservations > 0)
    want(outgoing::seats_freed{ended.reservations});
  for (const auto who : ended.players)
    take_out(who, leave_reason::dropped);
  settle();
}

// -- players ------------------------------------------------------------------

void room_core::run(const incoming::join& what) {
  const auto seat = state_.seats.redeem(what.token, state_.now);
  if (!seat)
    return refuse(what.token, errc::room_refused, "no seat is reserved for this token (any more)");
  if (!admit(what, *seat)) {
    state_.seats.free(*seat);
    want(outgoing::seats_freed{1});
  }
  settle();
}

bool room_core::admit(const incoming::join& what, std::uint32_t seat) {
  if (hooks_ == hooks::silent) {
    refuse(what.token, errc::handler_failed, std::string{to_string(errc::handler_failed)});
    return false;
  }
  const auto effects_before = effects_.size();
  const auto players_before = state_.players.size();
  try {
    grant(what, seat);
    return true;
  } catch (const refused& no) {
    forget_effects(effects_before);
    state_.players.resize(players_before);
    refuse(what.token, errc::room_refused, no.what());
    return false;
  }
}

void room_core::grant(const incoming::join& what, std::uint32_t seat) {
  const game::options options{what.options};
  if (!user_->on_auth({what.identity, options}))
    throw refused{"the room does not admit you"};
  state_.players.emplace_back(++state_.last_player, seat, what.identity);
  want(outgoing::joined{what.token, state_.last_player});
  user_->on_join(state_.players.back(), options);
}

void room_core::refuse(const token_hash& token, errc code, std::string text) {
  want(outgoing::join_refused{token, code, std::move(text)});
}

void room_core::run(const incoming::leave& what) {
  take_out(what.who, what.why);
  settle();
}

void room_core::take_out(player_id who, leave_reason why) {
  if (!find(who))
    return;
  state_.inputs.forget(who);
  want(outgoing::left{who, why});
  if (hooks_ == hooks::called)
    user_->on_leave(*find(who), why);
  const auto* const gone = find(who);
  state_.seats.free(gone->seat());
  state_.players.erase(state_.players.begin() + (gone - state_.players.data()));
  want(outgoing::seats_freed{1});
}

void room_core::run(const incoming::drop& what) {
  auto* const who = find(what.who);
  if (!who || !who->is_connected())
    return;
  who->is_connected_ = false;
  if (kind_.options.reconnect_grace.count() == 0) {
    take_out(what.who, leave_reason::dropped);
    return settle();
  }
  state_.seats.hold(who->seat(), what.who, state_.now + kind_.options.reconnect_grace);
  call([&](room& user) { user.on_drop(*who); });
}

void room_core::run(const incoming::reconnect& what) {
  auto* const who = find(what.who);
  want(outgoing::reconnected{what.who, who != nullptr});
  if (!who || who->is_connected())
    return;
  who->is_connected_ = true;
  state_.seats.resume(who->seat());
  call([&](room& user) { user.on_reconnect(*who); });
}

void room_core::run(const incoming::pressure& what) {
  auto* const who = find(what.who);
  if (who && std::exchange(who->is_slow_, what.is_slow) != what.is_slow)
    call([&](room& user) { user.on_pressure(*who); });
}

// -- ticks --------------------------------------------------------------------

void room_core::run(const incoming::input& what) {
  if (!find(what.from))
    return;
  auto code = errc::unknown_event;
  if (what.kind < kind_.inputs.size())
    code = state_.inputs.push(what, state_.tick, input_limits());
  if (code != errc::ok)
    want(outgoing::input_refused{what.from, what.sequence, code, std::string{to_string(code)}});
}

void room_core::run(const incoming::tick&) {
  ++state_.tick;
  expire();
  run_timers();
  run_inputs();
  if (!state_.is_closed)
    call([&](room& user) { user.on_tick(state_.tick); });
  check_empty();
}

void room_core::run_timers() {
  tick_timers::timer due;
  while (!state_.is_closed && state_.timers.take(state_.tick, due))
    if (due.kind < kind_.timers.size())
      call([&](room& user) { kind_.timers[due.kind].call(user, nullptr, due.what); });
}

void room_core::run_inputs() {
  for (const auto& each : state_.inputs.take(state_.tick, input_limits())) {
    auto* const from = find(each.from);
    if (!from || state_.is_closed || each.kind >= kind_.inputs.size())
      continue;
    from->last_input_ = std::max(from->last_input_, each.sequence);
    handler_outcome outcome;
    call([&](room& user) {
      try {
        outcome = kind_.inputs[each.kind].call(user, from, each.what);
      } catch (const refused& no) {
        outcome = {errc::refused, no.what()};
      }
    });
    if (outcome.code != errc::ok)
      want(
          outgoing::input_refused{each.from, each.sequence, outcome.code, std::move(outcome.text)});
  }
}

void room_core::check_empty() {
  if (!state_.players.empty() || state_.seats.reserved_count() != 0)
    return state_.empty_since.reset();
  if (!state_.empty_since)
    state_.empty_since = state_.now;
  if (state_.now - *state_.empty_since >= kind_.options.empty_time
      && !std::exchange(state_.has_told_empty, true))
    want(outgoing::emptied{});
}

// -- the end ------------------------------------------------------------------

void room_core::run(const incoming::close&) {
  end(leave_reason::room_closed);
}

void room_core::end(leave_reason why) {
  if (std::exchange(state_.is_closed, true))
    return;
  while (!state_.players.empty())
    take_out(state_.players.front().id(), why);
  removals_.clear();
  wants_close_ = false;
  if (hooks_ == hooks::called)
    user_->on_dispose();
  want(outgoing::closed{why});
}

} // namespace troupe::game
