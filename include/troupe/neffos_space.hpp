#pragma once
#include "troupe/ask.hpp"
#include "troupe/handler.hpp"
#include "troupe/hooks.hpp"
#include "troupe/refused.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace troupe {

namespace net {
class neffos_runner;
}

class neffos_space;

/// One message, as a handler of a `neffos_space` may see it. Views are valid during the call.
struct neffos_incoming {
  neffos_space& space;      ///< the namespace that it was sent in
  std::string_view event;   ///< its name
  std::string_view room;    ///< the room that it was sent to; empty = none
  payload_view content;     ///< a text, or raw bytes if it came as a binary message
  bool wants_reply = false; ///< the server waits for an answer

  bool is_binary() const noexcept { return content.kind == content_kind::raw; }
};

/// One namespace as a `neffos_client` sees it: its events, its rooms, and whether it is connected.
///
///     auto& chat = client.space("chat");
///     chat.on("said", [](const troupe::neffos_incoming& from, std::string text) { ... });
///     chat.connect([&chat](auto) { chat.join("lobby"); });
///
/// The names are those of `troupe::space`, which is the same thing on the server. Arguments travel
/// as the text that they are, or else as JSON; bytes and `raw_bytes` in binary messages.
///
/// What a handler returns goes back as the same event, whether the server asked or not: that is how
/// neffos works. Two handlers that answer each other without being asked never stop.
///
/// Threading:  set handlers and hooks before the client connects. They run one at a time on the
///             client's thread. Everything else may be called from any thread, also inside them;
///             what is called inside them must not wait for a future.
/// Ownership:  owned by its client.
/// Errors:     sending returns `ok`, `closed` (not connected), `not_a_member`, `slow_consumer`, or
///             `bad_name` for names that neffos uses itself. An exception of a handler goes to the
///             client's `on_error`, and to the server.
class neffos_space {
public:
  using event_handler = std::function<handler_outcome(neffos_incoming&)>;
  using hook = std::function<void(neffos_space&, cause)>;
  using room_hook = std::function<void(neffos_space&, std::string_view room, cause)>;
  using outcome = result<std::monostate, ask_error>;
  using done = std::function<void(outcome)>;

  neffos_space(net::neffos_runner& runner, std::string name)
      : runner_(runner), name_(std::move(name)) {}
  neffos_space(const neffos_space&) = delete;
  neffos_space& operator=(const neffos_space&) = delete;

  const std::string& name() const noexcept { return name_; }

  // -- events -------------------------------------------------------------------

  /// Calls `run` for every `event`. Its parameters are the arguments, optionally after
  /// `const neffos_incoming&`. One handler per event: the last one counts.
  template <class F>
  neffos_space& on(std::string_view event, F run) {
    handlers[std::string{event}] = wrap(std::move(run));
    return *this;
  }
  /// Handles every event that has no handler.
  template <class F>
  neffos_space& on_any(F run) {
    any = wrap(std::move(run));
    return *this;
  }
  /// An error that the server sent without being asked.
  neffos_space& on_error(std::function<void(std::string_view event, std::string_view text)> run) {
    error = std::move(run);
    return *this;
  }

  // -- connecting and rooms: what is to happen; `cause` says who wished it --------

  /// Throw `refused` to say no, also to the server.
  neffos_space& on_connect(hook run) {
    connecting = std::move(run);
    return *this;
  }
  neffos_space& on_connected(hook run) {
    connected = std::move(run);
    return *this;
  }
  /// It is over, after the rooms; forced if the whole connection is.
  neffos_space& on_disconnect(hook run) {
    disconnected = std::move(run);
    return *this;
  }
  /// Throw `refused` to say no, also to the server.
  neffos_space& on_join(room_hook run) {
    joining = std::move(run);
    return *this;
  }
  neffos_space& on_joined(room_hook run) {
    joined = std::move(run);
    return *this;
  }
  /// Once it is sure; nobody can refuse here.
  neffos_space& on_leave(room_hook run) {
    leaving = std::move(run);
    return *this;
  }
  neffos_space& on_left(room_hook run) {
    left = std::move(run);
    return *this;
  }

  // -- being connected ------------------------------------------------------------

  /// Connects the namespace; it is connected again after a reconnect of the client.
  void connect(done run = {});
  std::future<outcome> connect_future();
  /// The server may refuse.
  void disconnect(done run = {});
  std::future<outcome> disconnect_future();
  bool is_connected() const;
  /// Blocks until the namespace is connected, by whomever; not inside handlers.
  /// @returns false if it takes longer
  bool wait_server_connect(std::chrono::milliseconds limit) const;

  // -- rooms ----------------------------------------------------------------------

  void join(std::string_view room, done run = {});
  std::future<outcome> join_future(std::string_view room);
  void leave(std::string_view room, done run = {});
  std::future<outcome> leave_future(std::string_view room);
  void leave_all();
  bool is_member(std::string_view room) const;
  std::vector<std::string> rooms() const;

  // -- sending ----------------------------------------------------------------------

  template <class... Args>
  errc emit(std::string_view event, const Args&... args) {
    return send_event({}, event, make_payload(args...));
  }

  /// Addresses a room that this client is in: `chat.to("lobby").emit("say", text)`.
  class target;
  target to(std::string_view room);

  /// Asks the server; `run` gets the answer as an `R`, or why there is none. An `R` of void takes
  /// any answer. The client's `ask_timeout` bounds the time.
  template <class R, class... Args>
  void ask(std::string_view event, std::function<void(result<answer_type_t<R>, ask_error>)> run,
           const Args&... args) {
    send_ask(event, make_payload(args...), {}, decode_answer<R>(std::move(run)));
  }
  template <class R, class... Args>
  void ask_within(std::chrono::milliseconds timeout, std::string_view event,
                  std::function<void(result<answer_type_t<R>, ask_error>)> run,
                  const Args&... args) {
    send_ask(event, make_payload(args...), timeout, decode_answer<R>(std::move(run)));
  }
  /// The same as a future. Waiting for it inside a handler would wait for ever.
  template <class R, class... Args>
  std::future<result<answer_type_t<R>, ask_error>> ask_future(std::string_view event,
                                                              const Args&... args) {
    using answer = result<answer_type_t<R>, ask_error>;
    auto promise = std::make_shared<std::promise<answer>>();
    ask<R>(
        event, [promise](answer it) { promise->set_value(std::move(it)); }, args...);
    return promise->get_future();
  }

  // -- below the templates --------------------------------------------------------

  errc send_event(std::string_view room, std::string_view event, const payload& content);
  void send_ask(std::string_view event, const payload& content, std::chrono::milliseconds timeout,
                ask_answer run);

  // -- read by the client ----

  std::map<std::string, event_handler, std::less<>> handlers;
  event_handler any;
  std::function<void(std::string_view, std::string_view)> error;
  hook connecting;
  hook connected;
  hook disconnected;
  room_hook joining;
  room_hook joined;
  room_hook leaving;
  room_hook left;

private:
  template <class F>
  static event_handler wrap(F run) {
    return [run = std::move(run)](neffos_incoming& from) mutable {
      return invoke_handler<neffos_incoming>(run, from, from.content);
    };
  }

  net::neffos_runner& runner_;
  const std::string name_;
};

/// The result of `neffos_space::to`: a room as an address. Use it in the same statement.
class neffos_space::target {
public:
  target(neffos_space& from, std::string_view room) : from_(from), room_(room) {}

  template <class... Args>
  errc emit(std::string_view event, const Args&... args) {
    return from_.send_event(room_, event, make_payload(args...));
  }

private:
  neffos_space& from_;
  std::string_view room_;
};

inline neffos_space::target neffos_space::to(std::string_view room) {
  return {*this, room};
}

} // namespace troupe
