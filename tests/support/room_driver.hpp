#pragma once
#include "game/room_core.hpp"
#include "tests/support/sample_arena.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace troupe::test {

/// Drives one room as an actor would, in virtual time: every tick takes what the rate says.
class room_driver {
public:
  explicit room_driver(game::room_options options = {}, std::uint64_t seed = 1)
      : kind{game::make_room_kind<arena>("arena", options)} {
    apply(game::incoming::create{.seed = seed});
  }

  game::room_kind kind;
  game::room_core core{kind};
  std::vector<game::effect> effects; ///< of the last call
  std::chrono::milliseconds now{0};

  arena& user() { return static_cast<arena&>(core.user()); }

  template <class What>
  void apply(What what) {
    core.apply({now, std::move(what)});
    effects = core.take_effects();
  }

  void tick(int times = 1) {
    std::vector<game::effect> all;
    for (int i = 0; i < times; ++i) {
      now = std::chrono::milliseconds{(core.tick() + 1) * 1'000 / kind.options.tick_rate};
      apply(game::incoming::tick{});
      std::move(effects.begin(), effects.end(), std::back_inserter(all));
    }
    effects = std::move(all);
  }

  static game::token_hash token(std::uint64_t number) {
    game::seat_token result;
    for (std::size_t i = 0; i < 8; ++i)
      result.bytes[i] = static_cast<std::byte>(number >> (8 * i) & 0xFF);
    return game::hash_of(result);
  }

  /// Reserves and joins. @returns the player's id; 0 if it was not let in.
  game::player_id join(std::string identity = "someone", payload options = {}) {
    const auto mine = token(++last_token_);
    apply(game::incoming::reserve{mine});
    apply(game::incoming::join{mine, std::move(identity), std::move(options)});
    const auto* const joined = find<game::outgoing::joined>();
    return joined ? joined->who : 0;
  }

  template <class T>
  void input(game::player_id from, const T& what, std::uint64_t for_tick = 0) {
    apply(game::incoming::input{.from = from,
                                .tick = for_tick,
                                .sequence = ++last_sequence_,
                                .kind = *core.input_number(game::short_name<T>()),
                                .what = make_payload(what)});
  }

  /// The first effect of this kind since the last call.
  template <class T>
  const T* find() const {
    for (const auto& each : effects)
      if (const auto* const found = std::get_if<T>(&each))
        return found;
    return nullptr;
  }
  template <class T>
  std::ptrdiff_t count() const {
    return std::count_if(effects.begin(), effects.end(),
                         [](const auto& each) { return std::holds_alternative<T>(each); });
  }

private:
  std::uint64_t last_token_ = 0;
  std::uint64_t last_sequence_ = 0;
};

} // namespace troupe::test
