#pragma once
#include "troupe/arguments.hpp"
#include "troupe/game/player.hpp"
#include "troupe/game/schema.hpp"
#include "troupe/game/state_mirror.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace troupe::game {

/// The state of rooms that show none, or whose state does not matter.
struct no_state {};
BOOST_DESCRIBE_STRUCT(no_state, (), ())

template <class State>
inline constexpr bool is_shown = !std::is_same_v<State, no_state>;

/// What an event of a game room meant for a client.
struct room_news {
  enum class kind : std::uint8_t {
    other,         ///< it is the game's own
    told,          ///< one's own number, or the schema
    patched,       ///< the state is that of another tick
    unchanged,     ///< a patch that was stale or did not fit
    input_refused, ///< `sequence` and `text` say which and why
    malformed,     ///< `text` says what; nothing changed
  };
  kind what = kind::other;
  std::optional<tick_number> confirm{}; ///< to be answered: state.confirm(tick)
  std::uint64_t sequence = 0;
  std::string text{};
};

/// A client's side of one game room, without a connection: understands what docs/rooms.md lists.
///
/// Threading:  one object, one thread.
/// Ownership:  owns its copy of the state.
/// Errors:     whatever a server sends is news; only exceptions of handlers pass through.
template <class State>
class room_copy {
public:
  /// What joins carry, so that the server can tell whether both mean the same state.
  static const std::vector<std::byte>& schema() {
    static const auto made = encode_schema(schema_of<State>());
    return made;
  }

  /// What goes with a join: the token, options or nil, and the schema if there is a state.
  template <class... Options>
  static payload join_arguments(const std::string& token, const Options&... options) {
    static_assert(sizeof...(Options) <= 1, "a room's on_join gets one argument");
    if constexpr (sizeof...(Options) == 0)
      return join_arguments(token, msgpack::type::nil_t{});
    else if constexpr (is_shown<State>)
      return make_payload(token, options..., schema());
    else
      return make_payload(token, options...);
  }

  room_news receive(std::string_view event, payload_view content) {
    if (event == "state.patch")
      return patch(content);
    if (event == "room.you")
      return welcome(content);
    if (event == "state.schema")
      return begin(content);
    if (event == "input.refused")
      return refuse(content);
    return {};
  }

  /// Everything was told that comes before the first patch.
  bool is_ready() const noexcept { return player_ != 0 && has_schema_; }
  player_id player() const noexcept { return player_; }
  double ticks_per_s() const noexcept { return ticks_per_s_; }
  /// The token with which this player comes back; empty: the room waits for nobody.
  const std::string& ticket() const noexcept { return ticket_; }
  /// Of one's own, what the room has used before one came back.
  std::uint64_t last_input() const noexcept { return last_input_; }

  state_mirror<State>& mirror() noexcept { return mirror_; }
  const state_mirror<State>& mirror() const noexcept { return mirror_; }

private:
  static room_news malformed(std::string text) {
    return {.what = room_news::kind::malformed, .text = std::move(text)};
  }

  room_news welcome(payload_view content) {
    auto told = unpack_args<std::tuple<player_id, double, std::string, std::uint64_t>>(content);
    if (!told || std::get<0>(*told) == 0 || !(std::get<1>(*told) > 0))
      return malformed(told ? "room.you: the numbers are too small" : told.error().text);
    std::tie(player_, ticks_per_s_, ticket_, last_input_) = *std::move(told);
    has_schema_ = false; // it follows
    return {.what = room_news::kind::told};
  }

  room_news begin(payload_view content) {
    if constexpr (is_shown<State>)
      if (!content.bytes.empty() && !std::ranges::equal(content.bytes, schema())) {
        const auto theirs = decode_schema(content.bytes);
        return malformed(theirs ? schema_difference(schema_of<State>(), *theirs)
                                : theirs.error().text());
      }
    has_schema_ = true;
    return {.what = room_news::kind::told};
  }

  /// What does not fit is sent again as a snapshot.
  room_news patch(payload_view content) {
    if constexpr (!is_shown<State>)
      return {.what = room_news::kind::unchanged};
    const auto outcome = mirror_.apply(content.bytes);
    if (!outcome)
      return {.what = room_news::kind::malformed, .confirm = 0, .text = outcome.error().text()};
    if (*outcome == mirror_outcome::out_of_step)
      return {.what = room_news::kind::unchanged, .confirm = 0};
    return {.what = *outcome == mirror_outcome::applied ? room_news::kind::patched
                                                        : room_news::kind::unchanged,
            .confirm = mirror_.tick()};
  }

  static room_news refuse(payload_view content) {
    auto told = unpack_args<std::tuple<std::uint64_t, std::string>>(content);
    if (!told)
      return malformed(told.error().text);
    auto& [sequence, why] = *told;
    return {.what = room_news::kind::input_refused, .sequence = sequence, .text = std::move(why)};
  }

  state_mirror<State> mirror_;
  player_id player_ = 0;
  double ticks_per_s_ = 0;
  std::string ticket_;
  std::uint64_t last_input_ = 0;
  bool has_schema_ = false;
};

} // namespace troupe::game
