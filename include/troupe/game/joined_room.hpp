#pragma once
#include "troupe/client.hpp"
#include "troupe/game/room_copy.hpp"
#include "troupe/game/seat_reservation.hpp"
#include "troupe/game/short_name.hpp"
#include "troupe/game/tick_estimate.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::game {

/// A game room in which this client plays; made by `lobby`.
///
///     room.on_entered(&field::ships, [](auto id, const ship& one) { ... });
///     room.on("destroyed", [](std::uint32_t who, std::uint32_t by) { ... });
///     room.send(steer{.turn = 1});
///     room.read([](const field& now) { draw(now.ships); });
///
/// It outlives cuts of the connection: inputs wait, patches go on. Where the session is lost the
/// client takes its seat again, if the room still keeps it, and the state comes anew; inputs that
/// were under way may be lost then. `on_left` tells when the seat is lost.
///
/// Threading:  every function may be called from any thread, also inside handlers. Handlers run one
///             at a time on the client's thread, with the room locked: who waits in one for another
///             thread that uses the room waits for ever.
/// Lifetime:   shared; the client must outlive it. Who lets go of the last reference leaves.
/// Errors:     what a handler throws, and what the server says wrongly, goes to the client's
///             `on_error`.
template <class State = no_state>
class joined_room final : public room_listener {
public:
  using begun_handler = std::function<void(std::optional<ask_error>)>;

  joined_room(client& connection, std::string id) : connection_{connection}, id_{std::move(id)} {}
  ~joined_room() override {
    if (is_in_ || comes_again_)
      connection_.leave(id_);
  }

  const std::string& id() const noexcept { return id_; }
  /// One's own number in the room, from 1.
  player_id player() const {
    const std::lock_guard lock{mutex_};
    return copy_.player();
  }
  bool is_in() const {
    const std::lock_guard lock{mutex_};
    return is_in_;
  }
  /// What `lobby::take_seat` comes back with as the same player, once, from any other connection;
  /// the newest one counts. Close with `close_for_now` before: a connection that ends in order
  /// leaves. Without tokens where the room waits for nobody.
  seat_reservation seat() const {
    const std::lock_guard lock{mutex_};
    seat_reservation result{.room = id_, .tokens = {}};
    if (!copy_.ticket().empty())
      result.tokens.push_back(copy_.ticket());
    return result;
  }
  void leave(client::leave_answer done = {}) { connection_.leave(id_, std::move(done)); }
  /// Called once, when this client is out for whatever reason.
  void on_left(std::function<void(room_change::reason)> handler) {
    set(on_left_, std::move(handler));
  }

  // -- inputs and events ----------------------------------------------------------

  /// Sends an input, for the next tick or a later one; its name is that of its type.
  /// @returns its sequence, from 1; 0 if it could not be queued
  template <class T>
  std::uint64_t send(const T& input, tick_number for_tick = 0) {
    const std::lock_guard lock{mutex_};
    const auto sent =
        connection_.to(id_).emit(short_name<T>(), input, sequence_ + 1, for_tick) == errc::ok;
    return sent ? ++sequence_ : 0;
  }
  /// Calls `handler(sequence, why)` for inputs that the room did not take.
  void on_refused(std::function<void(std::uint64_t, std::string_view)> handler) {
    set(on_refused_, std::move(handler));
  }
  /// Calls `handler` for every such event of the room, as `client::on_room` does.
  template <class F>
  void on(std::string_view event, F handler) {
    const std::lock_guard lock{mutex_};
    events_.insert_or_assign(std::string{event}, client::erase(std::move(handler)));
  }

  // -- the state ------------------------------------------------------------------

  /// What `look(state)` returns; nothing changes meanwhile.
  template <class F>
  decltype(auto) read(F look) const {
    const std::lock_guard lock{mutex_};
    return look(copy_.mirror().state());
  }
  /// Of the state; 0 before the first snapshot.
  tick_number tick() const {
    const std::lock_guard lock{mutex_};
    return copy_.mirror().tick();
  }

  /// Calls `handler(value)` when the member changes. @pre it is no map.
  template <class V, class F>
  void on_value(V State::*member, F handler) {
    const std::lock_guard lock{mutex_};
    copy_.mirror().on_value(member, std::move(handler));
  }
  /// Calls `handler(id, entity)` for those that are there already, and when one comes.
  template <class M, class F>
  void on_entered(M State::*map, F handler) {
    const std::lock_guard lock{mutex_};
    for (const auto& [id, entity] : copy_.mirror().state().*map)
      handler(entity_id{id}, entity);
    copy_.mirror().on_entered(map, std::move(handler));
  }
  /// Calls `handler(id, entity)` when one changes.
  template <class M, class F>
  void on_changed(M State::*map, F handler) {
    const std::lock_guard lock{mutex_};
    copy_.mirror().on_changed(map, std::move(handler));
  }
  /// Calls `handler(id, entity, is_destroyed)` before one leaves.
  template <class M, class F>
  void on_gone(M State::*map, F handler) {
    const std::lock_guard lock{mutex_};
    copy_.mirror().on_left(map, std::move(handler));
  }
  /// Calls `handler(change, path)` for every change, behind the handlers above.
  void on_any(std::function<void(const state_change&, std::string_view path)> handler) {
    const std::lock_guard lock{mutex_};
    copy_.mirror().on_any(std::move(handler));
  }
  /// Calls `handler(tick)` after every patch.
  void on_patch(std::function<void(tick_number)> handler) {
    const std::lock_guard lock{mutex_};
    on_patch_.push_back(std::move(handler));
  }

  // -- time -----------------------------------------------------------------------

  using steady_clock = std::chrono::steady_clock;

  /// The tick whose state comes just now if it is as fast as the fastest; with its fraction.
  std::optional<double> tick_at(steady_clock::time_point now = steady_clock::now()) const {
    const std::lock_guard lock{mutex_};
    if (!clock_ || !clock_->is_known())
      return std::nullopt;
    return clock_->at(now.time_since_epoch());
  }
  /// The tick that the room itself is in, right to half of the client's `round_trip`.
  std::optional<double> server_tick(steady_clock::time_point now = steady_clock::now()) const {
    const auto way = connection_.round_trip().value_or(std::chrono::microseconds{0}) / 2;
    return tick_at(now + way);
  }
  /// The tick before which the room has what is sent now, most likely: for `send`, rounded up.
  std::optional<double> arrival_tick(steady_clock::time_point now = steady_clock::now()) const {
    const auto way = connection_.round_trip().value_or(std::chrono::microseconds{0});
    const auto tick = tick_at(now + way);
    return tick ? std::optional{*tick + 1} : std::nullopt;
  }
  double ticks_per_s() const {
    const std::lock_guard lock{mutex_};
    return copy_.ticks_per_s();
  }

  // -- for the lobby ----------------------------------------------------------------

  /// The client is in: asks for the state. `done` is called before the first patch.
  void begin(begun_handler done) {
    const std::lock_guard lock{mutex_};
    is_in_ = true;
    if (const auto sent = connection_.to(id_).emit("state.begin"); sent != errc::ok)
      return done(ask_error{sent, std::string{to_string(sent)}});
    begun_ = std::move(done);
  }

private:
  void heard(const incoming& from) override {
    const std::lock_guard lock{mutex_};
    const auto news = copy_.receive(from.event, from.content);
    if (news.confirm)
      connection_.to(id_).emit("state.confirm", *news.confirm);
    switch (news.what) {
    case room_news::kind::told:
      return told();
    case room_news::kind::patched:
      return patched();
    case room_news::kind::input_refused:
      return on_refused_ ? on_refused_(news.sequence, news.text) : void();
    case room_news::kind::malformed:
      return malformed(news.text);
    case room_news::kind::unchanged:
      return;
    case room_news::kind::other:
      return call_handler(from);
    }
  }

  void lost() override {
    const std::lock_guard lock{mutex_};
    if (!std::exchange(is_in_, false))
      return;
    comes_again_ = !begun_; // with the ticket; who has none yet has used its token
    if (!comes_again_)
      give_up();
  }

  void joined() override {
    const std::lock_guard lock{mutex_};
    if (!std::exchange(comes_again_, false))
      return;
    is_in_ = true;
    connection_.to(id_).emit("state.begin");
  }

  void left(room_change::reason why) override {
    const std::lock_guard lock{mutex_};
    const bool was_in = std::exchange(is_in_, false);
    if (!std::exchange(comes_again_, false) && !was_in)
      return;
    if (begun_)
      return give_up();
    if (on_left_)
      on_left_(why);
  }

  void give_up() {
    connection_.leave(id_);
    std::exchange(begun_, {})(ask_error{errc::connection_lost, "The seat is lost."});
  }

  void told() {
    if (!copy_.is_ready())
      return;
    clock_.emplace(copy_.ticks_per_s());
    sequence_ = std::max(sequence_, copy_.last_input());
    if (!copy_.ticket().empty())
      connection_.rejoin_with(id_, copy_.join_arguments(copy_.ticket()));
    if (begun_)
      std::exchange(begun_, {})(std::nullopt);
  }

  void patched() {
    if (clock_)
      clock_->arrived(copy_.mirror().tick(), steady_clock::now().time_since_epoch());
    const auto handlers = on_patch_; // they may add others
    for (const auto& handler : handlers)
      handler(copy_.mirror().tick());
  }

  void malformed(const std::string& text) {
    if (begun_)
      return std::exchange(begun_, {})(ask_error{errc::malformed_message, text});
    throw std::runtime_error{"The room \"" + id_ + "\" sent what does not fit: " + text};
  }

  void call_handler(const incoming& from) {
    const auto known = events_.find(from.event);
    if (known == events_.end())
      return;
    const auto handler = known->second; // it may replace itself
    if (const auto outcome = handler(from); !outcome)
      throw std::runtime_error{std::string{from.event} + ": " + outcome.text};
  }

  template <class Handler>
  void set(Handler& to, Handler handler) {
    const std::lock_guard lock{mutex_};
    to = std::move(handler);
  }

  client& connection_;
  const std::string id_;

  mutable std::recursive_mutex mutex_; ///< protects everything below; handlers call back
  room_copy<State> copy_;
  std::optional<tick_estimate> clock_;
  std::uint64_t sequence_ = 0;
  bool is_in_ = false;
  bool comes_again_ = false; ///< the connection is lost, and the client will join again
  begun_handler begun_;
  std::function<void(room_change::reason)> on_left_;
  std::function<void(std::uint64_t, std::string_view)> on_refused_;
  std::vector<std::function<void(tick_number)>> on_patch_;
  std::map<std::string, client::event_handler, std::less<>> events_;
};

} // namespace troupe::game
