#pragma once
#include "troupe/describe.hpp"
#include "troupe/game/archive.hpp"
#include "troupe/game/room_context.hpp"
#include "troupe/game/short_name.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace troupe::game {

/// The types that a room takes as inputs, or as timers.
template <class... T>
struct typed {};

/// One room of a game. Derive from it:
///
///     class arena : public troupe::game::room {
///     public:
///       using inputs = troupe::game::typed<steer, fire>;
///       using timers = troupe::game::typed<respawn>;
///       auto saved() { return std::tie(ships_, score_); }
///
///       void on_join(player& who) override;
///       void on_input(player& from, const steer& what);
///       void on_input(player& from, const fire& what);
///       void on_timer(const respawn& what);
///       void on_tick(std::uint64_t tick) override;
///     };
///
/// A room is deterministic: it sees the world only through these functions, and the same entries
/// in the same order leave the same state, hash for hash. So it must not ask clocks, random
/// devices, addresses of objects or globals, nor iterate over containers that hash. In return it
/// can be recorded, replayed, moved, and restored after an exception.
///
/// Threading:  hooks run one at a time; call the functions inside of hooks only.
/// Lifetime:   `on_create` is called first; the functions do not work in the constructor.
/// Errors:     `refused`, thrown from `on_auth`, `on_join` or `on_input`, says no to the client.
///             Any other exception undoes what the entry at hand did: the room is restored as it
///             was before. See `room_options::failures_allowed`.
class room {
public:
  room() = default;
  room(const room&) = delete;
  room& operator=(const room&) = delete;
  virtual ~room() = default;

  // -- hooks ----

  virtual void on_create(const options&) {}
  virtual bool on_auth(const join_request&) { return true; } ///< false: the join is refused
  virtual void on_join(player&, const options&) {}
  virtual void on_drop(player&) {}      ///< its connection is lost; its seat is held
  virtual void on_reconnect(player&) {} ///< it is back
  virtual void on_pressure(player&) {}  ///< `is_slow()` of it has changed; rooms with a state only
  virtual void on_leave(player&, leave_reason) {}
  virtual void on_tick(std::uint64_t) {} ///< after the inputs and timers of the tick
  virtual void on_dispose() {}

  // -- time and chance ----

  std::uint64_t tick() const noexcept { return context_->tick(); } ///< from 1; 0 before the first
  std::uint32_t tick_rate() const noexcept { return context_->options().tick_rate; }
  /// Seconds that one tick stands for.
  double tick_seconds() const noexcept { return 1.0 / tick_rate(); }
  /// Virtual time: that of the current tick, since the room was created.
  std::chrono::microseconds time() const noexcept {
    return std::chrono::microseconds{tick() * 1'000'000U / tick_rate()};
  }
  random_source& random() noexcept { return context_->random(); }

  /// Calls `on_timer(what)` in `ticks` ticks (at least 1), before `on_tick`. Timers survive a
  /// restore, and end with the room.
  template <class T>
  timer_id after(std::uint64_t ticks, const T& what) {
    return context_->schedule(ticks, short_name<T>(), make_payload(what));
  }
  void cancel(timer_id timer) { context_->cancel(timer); }

  // -- players ----

  /// Everybody with a seat, in the order of joining; those who dropped included.
  std::span<player> players() noexcept { return context_->players(); }
  std::size_t player_count() const noexcept { return context_->players().size(); }
  /// Nobody: nullptr.
  player* find(player_id id) noexcept;
  /// Takes it out when the hook returns.
  void remove(const player& who) { context_->remove(who.id()); }

  // -- events ----

  template <class... Args>
  void emit(std::string_view event, const Args&... args) {
    to_all().emit(event, args...);
  }
  template <class... Args>
  void emit(const delivery& how, std::string_view event, const Args&... args) {
    to_all().emit(how, event, args...);
  }
  target to_all() { return {*context_, {.who = audience::kind::room}}; }
  target to_others(const player& except) {
    return {*context_, {.who = audience::kind::room, .except = except.id()}};
  }
  target to(const player& who) {
    return {*context_, {.who = audience::kind::connection, .id = who.id()}};
  }

  // -- who finds it ----

  bool is_locked() const noexcept { return context_->is_locked(); }
  void lock() { context_->set_locked(true); } ///< nobody new gets in
  void unlock() { context_->set_locked(false); }
  bool is_private() const noexcept { return context_->is_private(); }
  void set_private(bool value) { context_->set_private(value); } ///< found by its id only
  const game::metadata& metadata() const noexcept { return context_->metadata(); }
  void set_metadata(std::string_view key, metadata_value value) {
    context_->set_metadata(key, std::move(value));
  }
  /// Ends the room when the hook returns.
  void close() { context_->close(); }

private:
  friend class room_core;
  room_context* context_ = nullptr;
};

inline player* room::find(player_id id) noexcept {
  const auto all = players();
  const auto found = std::ranges::lower_bound(all, id, {}, &player::id);
  return found != all.end() && found->id() == id ? &*found : nullptr;
}

} // namespace troupe::game
