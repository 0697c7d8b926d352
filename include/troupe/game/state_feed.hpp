#pragma once
#include "troupe/game/room.hpp"
#include "troupe/game/schema.hpp"
#include "troupe/game/state_json.hpp"
#include "troupe/game/state_publisher.hpp"

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace troupe::game {

/// What a room shows of its state, without its types: made by the library from the members of a
/// room that has a `state()`.
///
///     class arena : public troupe::game::room {
///     public:
///       const world& state() const { return world_; }  // described; see docs/state-format.md
///
///       // as needed:
///       static publisher_options publishing();                // tuning
///       static void place(state_publisher<world>& to);        // which entities have a place
///       static view_options view();                           // what one player sees
///       void look(const player& who, client_view& through);   // where it looks from; each patch
///
/// Threading:  one object, one thread: its room's.
/// Errors:     exceptions of the user's functions pass through.
class state_feed {
public:
  state_feed() = default;
  state_feed(const state_feed&) = delete;
  state_feed& operator=(const state_feed&) = delete;
  virtual ~state_feed() = default;

  /// The same for every room of a kind.
  virtual const std::vector<std::byte>& schema() const = 0;
  virtual view_options view() const = 0;
  /// The whole state, for people.
  virtual std::string json(const room& of) const = 0;
  /// Takes the state of a tick over.
  virtual void publish(room& from, tick_number now) = 0;
  /// What is new for a player since its last patch, if anything.
  virtual std::optional<state_patch> patch_for(room& from, const player& who,
                                               client_view& through) = 0;
};

template <class Room>
concept has_state = requires(const Room& from) {
  from.state();
};

template <class Room>
class typed_feed final : public state_feed {
public:
  using state_type = std::remove_cvref_t<decltype(std::declval<const Room&>().state())>;

  typed_feed() : publisher_{options()} {
    if constexpr (requires { Room::place(publisher_); })
      Room::place(publisher_);
  }

  const std::vector<std::byte>& schema() const override {
    static const auto made = encode_schema(schema_of<state_type>());
    return made;
  }
  view_options view() const override {
    if constexpr (requires { Room::view(); })
      return Room::view();
    else
      return {};
  }
  std::string json(const room& of) const override {
    return to_json(static_cast<const Room&>(of).state());
  }
  void publish(room& from, tick_number now) override {
    publisher_.publish(static_cast<const Room&>(from).state(), now);
  }
  std::optional<state_patch> patch_for(room& from, const player& who,
                                       client_view& through) override {
    if constexpr (requires { static_cast<Room&>(from).look(who, through); })
      static_cast<Room&>(from).look(who, through);
    return publisher_.patch_for(through);
  }

private:
  static publisher_options options() {
    if constexpr (requires { Room::publishing(); })
      return Room::publishing();
    else
      return {};
  }

  state_publisher<state_type> publisher_;
};

} // namespace troupe::game
