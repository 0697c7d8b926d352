#pragma once
#include "troupe/client.hpp"
#include "troupe/game/joined_room.hpp"
#include "troupe/game/match_wish.hpp"
#include "troupe/game/room_values.hpp"
#include "troupe/game/seat_reservation.hpp"

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::game {

/// A client's way into game rooms: asks for seats and takes them.
///
///     troupe::client connection{{.url = "ws://127.0.0.1:8080/rooms"}};
///     connection.connect();
///     troupe::game::lobby lobby{connection};
///     auto arena = lobby.join_or_create_future<field>({.kind = "arena"}, "ann").get();
///     if (!arena)
///       return fail(arena.error().text);
///     (*arena)->send(steer{.turn = 1});
///
/// `State` is the described structure that the room shows, or `no_state`; a room that shows another
/// one refuses the join and names the member. The last argument, if any, is what the room's
/// `on_join` gets.
///
/// Threading:  every function may be called from any thread. `done` is called once, on the client's
///             thread and before the first patch: handlers that it registers miss nothing. Futures
///             must not be waited for inside handlers.
/// Lifetime:   the client must outlive it, and the rooms. One lobby per client.
/// Errors:     `ask_error` with the server's sentence, or why there was no answer.
class lobby {
public:
  template <class State>
  using joined = result<std::shared_ptr<joined_room<State>>, ask_error>;
  template <class State>
  using done = std::function<void(joined<State>)>;
  using listings = std::vector<listing>;

  explicit lobby(client& connection) noexcept : connection_{connection} {}

  // -- joining --------------------------------------------------------------------

  template <class State = no_state, class... Options>
  void join_or_create(const room_request& wanted, done<State> then, const Options&... options) {
    place<State>("rooms.join_or_create", to_payload(wanted), std::move(then), options...);
  }
  template <class State = no_state, class... Options>
  void create(const room_request& wanted, done<State> then, const Options&... options) {
    place<State>("rooms.create", to_payload(wanted), std::move(then), options...);
  }
  template <class State = no_state, class... Options>
  void join_matching(const room_request& wanted, done<State> then, const Options&... options) {
    place<State>("rooms.join_matching", to_payload(wanted), std::move(then), options...);
  }
  template <class State = no_state, class... Options>
  void join_by_id(std::string_view id, std::string_view password, done<State> then,
                  const Options&... options) {
    place<State>("rooms.join", make_payload(id, password), std::move(then), options...);
  }
  /// Takes the first of the seats that somebody else has reserved.
  template <class State = no_state, class... Options>
  void take_seat(const seat_reservation& seat, done<State> then, const Options&... options);

  /// Waits for a match and takes the first seat in it; `told` hears of it before, so that others of
  /// a group can take theirs. The place in the queue ends with the session (`client::on_open`).
  template <class State = no_state, class... Options>
  void join_match(const match_wish& wish, std::function<void(const match_offer&)> told,
                  done<State> then, const Options&... options);
  void cancel_match() { connection_.emit("rooms.match_cancel"); }

  // -- the same, to be waited for ---------------------------------------------------

  template <class State = no_state, class... Options>
  std::future<joined<State>> join_or_create_future(const room_request& wanted,
                                                   const Options&... options) {
    return promise<State>(
        [&](auto then) { join_or_create<State>(wanted, std::move(then), options...); });
  }
  template <class State = no_state, class... Options>
  std::future<joined<State>> create_future(const room_request& wanted, const Options&... options) {
    return promise<State>([&](auto then) { create<State>(wanted, std::move(then), options...); });
  }
  template <class State = no_state, class... Options>
  std::future<joined<State>> join_matching_future(const room_request& wanted,
                                                  const Options&... options) {
    return promise<State>(
        [&](auto then) { join_matching<State>(wanted, std::move(then), options...); });
  }
  template <class State = no_state, class... Options>
  std::future<joined<State>> join_by_id_future(std::string_view id, std::string_view password,
                                               const Options&... options) {
    return promise<State>(
        [&](auto then) { join_by_id<State>(id, password, std::move(then), options...); });
  }
  template <class State = no_state, class... Options>
  std::future<joined<State>> take_seat_future(const seat_reservation& seat,
                                              const Options&... options) {
    return promise<State>([&](auto then) { take_seat<State>(seat, std::move(then), options...); });
  }

  // -- looking ----------------------------------------------------------------------

  /// Up to 100 public rooms that fit.
  void find(const room_request& wanted, std::function<void(result<listings, ask_error>)> then) {
    connection_.ask<listings>("rooms.find", std::move(then), to_payload(wanted));
  }
  std::future<result<listings, ask_error>> find_future(const room_request& wanted) {
    return connection_.ask_future<listings>("rooms.find", to_payload(wanted));
  }

  /// Calls `changed` with all rooms that fit, and then with what is new, until the connection is
  /// another one (`client::on_open`). `failed` is told if the server does not let us.
  void watch(const room_request& wanted, std::function<void(const lobby_changes&)> changed,
             std::function<void(const ask_error&)> failed = {});
  void unwatch() { connection_.emit("rooms.unwatch"); }

private:
  template <class State, class Call>
  static std::future<joined<State>> promise(Call call) {
    auto [future, then] = client::promised<std::shared_ptr<joined_room<State>>>();
    call(std::move(then));
    return std::move(future);
  }

  template <class State, class... Options>
  void place(std::string_view call, const payload& arguments, done<State> then,
             const Options&... options);
  template <class State>
  void enter(const std::string& room, const payload& arguments, done<State> then);

  client& connection_;
};

template <class State, class... Options>
void lobby::place(std::string_view call, const payload& arguments, done<State> then,
                  const Options&... options) {
  auto take = [self = *this, then = std::move(then),
               options...](result<seat_reservation, ask_error> got) mutable {
    if (!got)
      return then(got.error());
    self.template take_seat<State>(*got, then, options...);
  };
  connection_.ask<seat_reservation>(call, std::move(take), arguments);
}

template <class State, class... Options>
void lobby::take_seat(const seat_reservation& seat, done<State> then, const Options&... options) {
  if (seat.tokens.empty())
    return then(ask_error{errc::refused, "The reservation has no token."});
  enter<State>(seat.room, room_copy<State>::join_arguments(seat.tokens.front(), options...),
               std::move(then));
}

template <class State, class... Options>
void lobby::join_match(const match_wish& wish, std::function<void(const match_offer&)> told,
                       done<State> then, const Options&... options) {
  auto take = [self = *this, told = std::move(told), then,
               options...](const match_offer& offer) mutable {
    if (told)
      told(offer);
    self.template take_seat<State>(offer, then, options...);
  };
  connection_.on("rooms.matched", std::move(take));
  auto refused = [then = std::move(then)](result<std::string, ask_error> ticket) {
    if (!ticket)
      then(ticket.error());
  };
  connection_.ask<std::string>("rooms.match", std::move(refused), wish);
}

template <class State>
void lobby::enter(const std::string& room, const payload& arguments, done<State> then) {
  auto made = std::make_shared<joined_room<State>>(connection_, room);
  connection_.listen(room, made);
  auto begin = [made, room, &connection = connection_,
                then = std::move(then)](result<room_info, ask_error> answer) {
    if (!answer) {
      connection.leave(room); // not again after a reconnect: nobody would know
      return then(answer.error());
    }
    made->begin([made, then](std::optional<ask_error> why) {
      if (why)
        then(*std::move(why));
      else
        then(made);
    });
  };
  connection_.send_join(room, arguments, std::move(begin));
}

inline void lobby::watch(const room_request& wanted,
                         std::function<void(const lobby_changes&)> changed,
                         std::function<void(const ask_error&)> failed) {
  connection_.on("rooms.changed", [changed](const lobby_changes& news) { changed(news); });
  auto first = [changed, failed = std::move(failed)](result<lobby_changes, ask_error> all) {
    if (all)
      changed(*all);
    else if (failed)
      failed(all.error());
  };
  connection_.ask<lobby_changes>("rooms.watch", std::move(first), to_payload(wanted));
}

} // namespace troupe::game
