#pragma once
#include "troupe/game/room.hpp"
#include "troupe/game/state_feed.hpp"
#include "troupe/handler.hpp"

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace troupe::game {

/// A type of inputs or timers, and how the room takes one.
struct typed_handler {
  std::string name;
  /// The player is nullptr for timers.
  handler_outcome (*call)(room&, player* from, payload_view what);
};

/// One kind of room: what `define<arena>("arena", {.max_players = 16})` makes of a class.
///
/// Threading:  immutable once rooms run; they may share it across threads.
struct room_kind {
  std::string name;
  room_options options;
  std::function<std::unique_ptr<room>()> make;
  std::vector<typed_handler> inputs{};
  std::vector<typed_handler> timers{};
  void (*save)(room&, state_writer&) = nullptr;
  bool (*load)(room&, state_reader&) = nullptr;
  std::unique_ptr<state_feed> (*make_feed)() = nullptr; ///< null: the room shows no state
};

template <class Room, class T>
handler_outcome call_on_input(room& to, player* from, payload_view what) {
  static_assert(
      requires(Room & room, player & who, const T& value) { room.on_input(who, value); },
      "a type in `inputs` needs a public void on_input(player&, const T&)");
  auto decoded = unpack_args<std::tuple<T>>(what);
  if (!decoded)
    return {decoded.error().code, decoded.error().text};
  static_cast<Room&>(to).on_input(*from, std::get<0>(*decoded));
  return {};
}

template <class Room, class T>
handler_outcome call_on_timer(room& to, player*, payload_view what) {
  static_assert(
      requires(Room & room, const T& value) { room.on_timer(value); },
      "a type in `timers` needs a public void on_timer(const T&)");
  auto decoded = unpack_args<std::tuple<T>>(what);
  if (!decoded)
    return {decoded.error().code, decoded.error().text};
  static_cast<Room&>(to).on_timer(std::get<0>(*decoded));
  return {};
}

template <class Room, class... T>
std::vector<typed_handler> input_handlers(typed<T...>) {
  return {{std::string{short_name<T>()}, &call_on_input<Room, T>}...};
}

template <class Room, class... T>
std::vector<typed_handler> timer_handlers(typed<T...>) {
  return {{std::string{short_name<T>()}, &call_on_timer<Room, T>}...};
}

/// The kind of rooms that are objects of `Room`, each made by `make`.
/// Errors:  throws std::invalid_argument with a sentence if an option is out of its range, or two
///          types of inputs or of timers have the same name.
template <class Room>
room_kind make_room_kind(
    std::string name, const room_options& options = {},
    std::function<std::unique_ptr<room>()> make = [] { return std::make_unique<Room>(); });

/// Throws what `make_room_kind` does.
void check_room_kind(const room_kind& kind);

template <class Room>
room_kind make_room_kind(std::string name, const room_options& options,
                         std::function<std::unique_ptr<room>()> make) {
  static_assert(archiving::names_saved_members<Room> || archiving::saves_itself<Room>,
                "a room names its state: auto saved() { return std::tie(ships_, score_); }");
  room_kind kind{.name = std::move(name), .options = options, .make = std::move(make)};
  if constexpr (requires { typename Room::inputs; })
    kind.inputs = input_handlers<Room>(typename Room::inputs{});
  if constexpr (requires { typename Room::timers; })
    kind.timers = timer_handlers<Room>(typename Room::timers{});
  kind.save = [](room& from, state_writer& to) { to(static_cast<Room&>(from)); };
  kind.load = [](room& to, state_reader& from) { return from(static_cast<Room&>(to)); };
  if constexpr (has_state<Room>)
    kind.make_feed = []() -> std::unique_ptr<state_feed> {
      return std::make_unique<typed_feed<Room>>();
    };
  check_room_kind(kind);
  return kind;
}

} // namespace troupe::game
