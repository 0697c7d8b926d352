#pragma once
#include "troupe/game/room_kind.hpp"

#include "game/effect.hpp"
#include "game/entry.hpp"
#include "game/input_queue.hpp"
#include "game/seat_table.hpp"
#include "game/tick_timers.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::game {

/// One room: the object of the user, its players, seats, timers and random numbers, driven by
/// entries and nothing else.
///
/// The same entries in the same order leave the same `state_hash` and ask for the same effects. The
/// first entry is `incoming::create`, or `load` takes its place.
///
/// An entry whose hook throws leaves nothing behind: the room is restored from its last snapshot,
/// the entries since then are applied again without effects, and of the entry at hand only what
/// needs no hook happens: the tick counts, the player who leaves is out, the one who joins is
/// refused.
///
/// Threading:  belongs to one thread.
/// Lifetime:   the kind must outlive it. Not movable: the user's object refers to it.
/// Errors:     exceptions of the user's code do not leave it; see `outgoing::failed`.
class room_core final : private room_context {
public:
  explicit room_core(const room_kind& kind);
  ~room_core();
  room_core(const room_core&) = delete;
  room_core& operator=(const room_core&) = delete;

  /// Does what the entry says; after `outgoing::closed` nothing. Entries about players who are not
  /// in are ignored.
  void apply(const entry& next);
  /// What it wants done since the last call, in order.
  std::vector<effect> take_effects() { return std::exchange(effects_, {}); }

  /// The number to put into `incoming::input`; nothing if the room takes no such input.
  std::optional<std::uint32_t> input_number(std::string_view name) const noexcept;

  const room_kind& kind() const noexcept { return kind_; }
  bool is_closed() const noexcept { return state_.is_closed; }
  std::uint64_t tick() const noexcept override { return state_.tick; }
  std::span<player> players() noexcept override { return state_.players; }
  player* find(player_id who) noexcept; ///< nullptr: it is not in
  const seat_table& seats() const noexcept { return state_.seats; }
  /// The user's object, for who encodes its state. @pre created, not closed
  room& user() noexcept { return *user_; }

  /// Everything that the next entries depend on.
  std::vector<std::byte> snapshot();
  /// Becomes the room that the snapshot was taken of.
  /// @pre nothing was applied.  @returns false if the bytes are no snapshot of this kind of room;
  /// it
  ///      is then good for nothing.
  bool load(byte_view snapshot);
  /// Stands for everything that a snapshot holds.
  std::uint64_t state_hash();

private:
  using milliseconds = std::chrono::milliseconds;
  static constexpr milliseconds latest_time = std::chrono::years{100};

  /// What a snapshot holds, apart from the user's part.
  struct saved_state {
    bool is_created = false;
    bool is_closed = false;
    milliseconds now{0};
    std::uint64_t tick = 0;
    random_source random;
    seat_table seats;
    std::vector<player> players; // by id
    player_id last_player = 0;
    input_queue inputs;
    tick_timers timers;
    bool is_locked = false;
    bool is_private = false;
    game::metadata metadata;
    payload options;
    std::optional<milliseconds> empty_since;
    bool has_told_empty = false;

    bool is_sound(const room_options& limits) const;
    auto saved() {
      return std::tie(is_created, is_closed, now, tick, random, seats, players, last_player, inputs,
                      timers, is_locked, is_private, metadata, options.bytes, options.kind,
                      empty_since, has_told_empty);
    }
  };

  /// Whether the user's code takes part.
  enum class hooks : std::uint8_t { called, silent };
  struct past_entry {
    entry what;
    hooks were;
  };

  // -- entries ----
  void run(const entry& next);
  void run(const incoming::create& what);
  void run(const incoming::reserve& what);
  void run(const incoming::release& what);
  void run(const incoming::join& what);
  void run(const incoming::leave& what);
  void run(const incoming::drop& what);
  void run(const incoming::reconnect& what);
  void run(const incoming::input& what);
  void run(const incoming::tick& what);
  void run(const incoming::close& what);
  void run(const incoming::pressure& what);
  void expire();
  void run_timers();
  void run_inputs();
  void check_empty();
  bool admit(const incoming::join& what, std::uint32_t seat);
  void grant(const incoming::join& what, std::uint32_t seat);
  void refuse(const token_hash& token, errc code, std::string text);
  template <class Effect>
  void want(Effect what) {
    effects_.emplace_back(std::in_place_type<Effect>, std::move(what));
  }
  void forget_effects(std::size_t from) { effects_.resize(from); }
  void take_out(player_id who, leave_reason why);
  void end(leave_reason why);

  template <class Hook>
  void call(Hook hook);
  void settle();
  input_queue::limits input_limits() const noexcept;

  // -- after exceptions ----
  void recover(const entry& failed, std::string why);
  void skip(const entry& failed);
  void give_up();
  bool allows_another_failure();
  bool restore();
  void remember(const entry& applied, hooks were);
  void write_state(state_writer& to);
  bool read_state(state_reader& from);

  // -- room_context ----
  const room_options& options() const noexcept override { return kind_.options; }
  random_source& random() noexcept override { return state_.random; }
  void remove(player_id who) override { removals_.push_back(who); }
  void close() override { wants_close_ = true; }
  timer_id schedule(std::uint64_t ticks, std::string_view name, payload what) override;
  void cancel(timer_id timer) override { state_.timers.cancel(timer); }
  bool is_locked() const noexcept override { return state_.is_locked; }
  void set_locked(bool value) override;
  bool is_private() const noexcept override { return state_.is_private; }
  void set_private(bool value) override;
  const game::metadata& metadata() const noexcept override { return state_.metadata; }
  void set_metadata(std::string_view key, metadata_value value) override;
  void send_event(const audience& to, std::string_view event, payload content,
                  const delivery& how) override;

  const room_kind& kind_;
  saved_state state_;
  std::unique_ptr<room> user_;
  // of the entry at hand
  std::vector<effect> effects_;
  std::vector<player_id> removals_;
  bool wants_close_ = false;
  bool is_listing_changed_ = false;
  hooks hooks_ = hooks::called;
  // to restore from
  std::vector<std::byte> last_snapshot_;
  std::vector<past_entry> since_snapshot_;
  std::deque<milliseconds> failures_;
  state_writer scratch_;
};

/// Calls the user, then does what may happen only after it has returned.
template <class Hook>
void room_core::call(Hook hook) {
  if (hooks_ == hooks::called)
    hook(*user_);
  settle();
}

} // namespace troupe::game
