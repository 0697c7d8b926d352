#pragma once
#include "troupe/ask.hpp"
#include "troupe/client_types.hpp"
#include "troupe/handler.hpp"
#include "troupe/room_listener.hpp"

#include <functional>
#include <future>
#include <memory>
#include <optional>

namespace troupe {

namespace net {
class client_runner;
}

/// A client of a Troupe server: one connection of the protocol `troupe.v1` that comes back when it
/// is lost.
///
///     troupe::client c{{.url = "ws://127.0.0.1:8080/chat"}};
///     c.on_room("said", [](const troupe::incoming& from, std::string text) { ... });
///     if (const auto status = c.connect(); !status)
///       return fail(status.text);
///     c.join("lobby", [&c](auto room) { c.to("lobby").emit("say", "hello"); });
///
/// Messages leave in the order of the calls. A message that cannot be queued is refused at once.
///
/// Where the endpoint offers it (`endpoint::resume`) a client goes on after a cut as if nothing had
/// happened: id, rooms and open questions stay, what is sent meanwhile waits (but for droppable
/// messages), ordered messages of both sides arrive once and in order, and `on_resume` is called.
/// If that is not possible any more, or not offered, it is a new connection: messages that were not
/// confirmed are forgotten, questions are answered with `connection_lost`, the client joins its
/// rooms again, and `on_open` is called; its `is_resync` tells that a session was lost.
///
/// Threading:  every function may be called from any thread, also inside handlers, unless it says
///             otherwise. Handlers run one at a time on the client's own thread; what they do
///             delays everything else this client does.
/// Lifetime:   the destructor closes the connection and waits for the thread; it must not run
///             inside a handler. Handlers may be called until it returns: what they refer to must
///             be declared before the client. Open questions are answered with
///             `connection_lost` first.
/// Errors:     sending returns `ok`, `closed` (not connected), `slow_consumer` (more than
///             `outgoing_bytes` are waiting), `not_a_member` or `bad_name`. An exception of a
///             handler goes to `on_error`, and to the server if it asked.
class client {
public:
  explicit client(client_options options);
  client(const client&) = delete;
  client& operator=(const client&) = delete;
  ~client();

  // -- the connection -----------------------------------------------------------

  /// Tries once; returns when the server has said hello, or why it has not. From then on the
  /// client reconnects by itself. Must not be called inside a handler.
  client_status connect();

  /// Connects in the background and keeps trying; `on_open` and `on_close` tell.
  void start();

  /// Sends what is queued and closes for good, until `connect` or `start`. Returns when the
  /// connection is gone, at most after `close_timeout`; at once inside a handler.
  /// `close_for_now` lets game rooms keep the seats for a while (`joined_room::seat`).
  void close(std::uint16_t code = 1000, std::string reason = {});
  static constexpr std::uint16_t close_for_now = 3008;

  bool is_open() const;
  /// What the server said; `connection` is 0 while there is none.
  server_info info() const;
  connection_id id() const { return info().connection; }

  // -- events -------------------------------------------------------------------

  /// Sends `event` with `args` to the server; `ordered` if `how` is left out.
  template <class... Args>
  errc emit(std::string_view event, const Args&... args) {
    return send_event(event, make_payload(args...), {});
  }
  template <class... Args>
  errc emit(const delivery& how, std::string_view event, const Args&... args) {
    return send_event(event, make_payload(args...), how);
  }

  /// Addresses a room that this client is in: `c.to("lobby").emit("said", text)`.
  class target;
  target to(std::string_view room);

  /// Calls `handler` for every `event` sent to this client. Its parameters are the arguments,
  /// optionally after `const incoming&`; what it returns answers an ask. One handler per event:
  /// the last one counts.
  template <class F>
  void on(std::string_view event, F handler) {
    set_handler(event, false, erase(std::move(handler)));
  }
  /// The same for events in rooms; `incoming` says which room and who sent it.
  template <class F>
  void on_room(std::string_view event, F handler) {
    set_handler(event, true, erase(std::move(handler)));
  }
  /// Sees every event, ask and room event before its own handler does.
  void on_any(std::function<void(const incoming&)> handler);

  // -- asks ---------------------------------------------------------------------

  /// Asks the server; `done` gets the answer as an `R`, or why there is none. An `R` of void takes
  /// any answer.
  template <class R, class... Args>
  void ask(std::string_view event, std::function<void(result<answer_type_t<R>, ask_error>)> done,
           const Args&... args) {
    send_ask(event, make_payload(args...), decode_answer<R>(std::move(done)));
  }

  /// The same as a future. Waiting for it inside a handler would wait for ever.
  template <class R, class... Args>
  std::future<result<answer_type_t<R>, ask_error>> ask_future(std::string_view event,
                                                              const Args&... args) {
    auto [future, done] = promised<answer_type_t<R>>();
    ask<R>(event, std::move(done), args...);
    return std::move(future);
  }

  // -- rooms --------------------------------------------------------------------

  using join_answer = std::function<void(result<room_info, ask_error>)>;
  using leave_answer = std::function<void(result<std::monostate, ask_error>)>;

  /// Becomes a member of `room`; `args` are for the application that decides about it.
  template <class... Args>
  void join(std::string_view room, join_answer done = {}, const Args&... args) {
    send_join(room, make_payload(args...), std::move(done));
  }
  template <class... Args>
  std::future<result<room_info, ask_error>> join_future(std::string_view room,
                                                        const Args&... args) {
    auto [future, done] = promised<room_info>();
    join(room, std::move(done), args...);
    return std::move(future);
  }
  void leave(std::string_view room, leave_answer done = {});
  std::future<result<std::monostate, ask_error>> leave_future(std::string_view room) {
    auto [future, done] = promised<std::monostate>();
    leave(room, std::move(done));
    return std::move(future);
  }

  /// A room that this client is in, with the members that are known.
  std::optional<room_info> room(std::string_view name) const;
  /// The names of all of them.
  std::vector<std::string> rooms() const;

  /// With what `room`, which this client has joined, is joined again after a reconnect.
  void rejoin_with(std::string_view room, const payload& content);
  /// Tells `listener` what happens in `room`, from before the client joins it; one per room, as
  /// long as the listener lives.
  void listen(std::string_view room, std::weak_ptr<room_listener> listener);

  // -- what else happens ----------------------------------------------------------

  void on_open(std::function<void(const server_info&)> handler);
  /// The connection goes on after a cut, and nothing was lost: called instead of `on_open`.
  void on_resume(std::function<void(const server_info&)> handler);
  /// A connection, or an attempt to get one, has ended; the second argument is the wait before the
  /// next attempt, or nothing when there will be none.
  void on_close(
      std::function<void(const client_status&, std::optional<std::chrono::milliseconds>)> handler);
  /// An error that answers no question: from the server, from a handler's parameters, or thrown.
  void on_error(std::function<void(errc, std::string_view)> handler);
  void on_room_change(std::function<void(const room_change&)> handler);

  // -- time ---------------------------------------------------------------------

  /// The server's clock now, right to half of `round_trip`; nothing before the first sample.
  std::optional<std::chrono::system_clock::time_point> server_time() const;
  /// The shortest of the last exchanges.
  std::optional<std::chrono::microseconds> round_trip() const;

  // -- below the templates --------------------------------------------------------

  errc send_event(std::string_view event, const payload& content, const delivery& how);
  errc send_room_event(std::string_view room, std::string_view event, const payload& content,
                       const delivery& how);
  void send_ask(std::string_view event, const payload& content, ask_answer done);
  void send_join(std::string_view room, const payload& content, join_answer done);

  using event_handler = std::function<reply(const incoming&)>;
  void set_handler(std::string_view event, bool in_rooms, event_handler handler);

  /// Any handler as a function of what arrives.
  template <class F>
  static event_handler erase(F handler) {
    // Shared, because sets of handlers are copied: there is one state per handler.
    return [handler = std::make_shared<F>(std::move(handler))](const incoming& from) {
      incoming context = from;
      auto outcome = invoke_handler<incoming>(*handler, context, from.content);
      return reply{outcome.code, std::move(outcome.text),
                   std::move(outcome.reply).value_or(payload{})};
    };
  }

  template <class T>
  using promise_pair =
      std::pair<std::future<result<T, ask_error>>, std::function<void(result<T, ask_error>)>>;

  /// A future and the function that fulfils it.
  template <class T>
  static promise_pair<T> promised() {
    auto promise = std::make_shared<std::promise<result<T, ask_error>>>();
    auto future = promise->get_future();
    return {std::move(future),
            [promise](result<T, ask_error> it) { promise->set_value(std::move(it)); }};
  }

private:
  const std::unique_ptr<net::client_runner> runner_;
};

/// The result of `client::to`: a room as an address. Use it in the same statement.
class client::target {
public:
  target(client& from, std::string_view room) : from_(from), room_(room) {}

  template <class... Args>
  errc emit(std::string_view event, const Args&... args) {
    return from_.send_room_event(room_, event, make_payload(args...), {});
  }
  template <class... Args>
  errc emit(const delivery& how, std::string_view event, const Args&... args) {
    return from_.send_room_event(room_, event, make_payload(args...), how);
  }

private:
  client& from_;
  std::string_view room_;
};

inline client::target client::to(std::string_view room) {
  return {*this, room};
}

} // namespace troupe
