#pragma once
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "troupe/connection.hpp"
#include "troupe/handler.hpp"
#include "troupe/hooks.hpp"
#include "troupe/room_rules.hpp"

namespace troupe {

/// One namespace of an endpoint: its events, its rooms, and who is connected to it.
///
/// Every endpoint is a space of its own, and all that `troupe.v1`, iris and raw clients see of it.
/// neffos clients connect the spaces they want by name; each gives the handlers a `connection` of
/// its own, whose `emit`, `to` and `join` stay inside that space.
///
/// A handler's parameters are decoded from the payload; what does not fit is answered with an error
/// that names the argument, and the handler is not called. A leading `connection&` is the sender.
/// What it returns answers an ask. What it throws costs the caller an error reply and nothing else.
///
/// Threading:  set it up before the server runs. Handlers of one connection run one at a time on
///             the connection's shard; handlers of different connections run in parallel, so what
///             they share must be safe for that. `to`, `to_all`, `ask`, `visit` are safe from any
///             thread while the server runs.
/// Ownership:  owned by its endpoint.
class space : public event_sender {
public:
  using event_handler = std::function<handler_outcome(connection&, payload_view)>;

  explicit space(std::string name) : name_{std::move(name)} {}
  virtual ~space() = default;
  space(const space&) = delete;
  space& operator=(const space&) = delete;

  // -- events ----

  /// Handles an event or ask of a client. Registered events get numbers and travel in one or two
  /// bytes. Several handlers of one event run in the order of their registration, and the first that
  /// returns something answers.
  template <class F>
  space& on(std::string_view event, F run) {
    add_handler(event, wrap(std::move(run)));
    return *this;
  }
  /// Handles every event that has no handler: `[](connection& c, payload_view content)`; which one
  /// it was says `c.message().event`. It decides nothing but answers: joins and the like have hooks
  /// of their own.
  template <class F>
  space& on_any(F run) {
    any = wrap(std::move(run));
    return *this;
  }
  /// Gives numbers to events that only the server sends.
  space& events(std::initializer_list<std::string_view> names) {
    for (auto name : names)
      register_event(name);
    return *this;
  }
  /// An error that a client sent without being asked. It is never answered, so that two sides cannot
  /// answer each other's errors for ever.
  space& on_error(std::function<void(connection&, std::string_view event, std::string_view text)> run) {
    error = std::move(run);
    return *this;
  }

  // -- who is in ----

  /// Somebody wants in: throw `refused` to say no. `cause::is_local`: the server wished it.
  space& on_connect(connect_hook run) {
    connect = std::move(run);
    return *this;
  }
  /// Somebody is in and has been told; what is sent here arrives after that.
  space& on_connected(connect_hook run) {
    connected = std::move(run);
    return *this;
  }
  /// Somebody leaves. A client that asked for it and is still there can be refused.
  space& on_disconnect(disconnect_hook run) {
    disconnect = std::move(run);
    return *this;
  }

  // -- rooms ----

  /// The rules of rooms whose name starts with `prefix`; the longest prefix wins.
  room_rules& rooms(std::string_view prefix = "") {
    return room_kinds.try_emplace(std::string{prefix}).first->second;
  }
  /// Clients join rooms by themselves; on by default. Otherwise only `connection::join` does it.
  space& allow_joins(bool allow) {
    clients_may_join = allow;
    return *this;
  }
  /// On the connection's side of a room's door, before the room is asked; throw `refused` to say no
  /// to a client that asked.
  space& on_join(room_hook run) {
    join = std::move(run);
    return *this;
  }
  space& on_joined(room_hook run) {
    joined = std::move(run);
    return *this;
  }
  /// Throw `refused` to keep in a client that asked to leave; otherwise it leaves whatever this says.
  space& on_leave(room_hook run) {
    leave = std::move(run);
    return *this;
  }
  space& on_left(room_hook run) {
    left = std::move(run);
    return *this;
  }

  // -- addressing: any thread, while the server runs ----

  target to(connection_id id) {
    return {*this, {.who = audience::kind::connection, .id = id}};
  }
  target to(std::string_view room) {
    return {*this, {.who = audience::kind::room, .room = std::string{room}}};
  }
  target to_all() { return {*this, {.who = audience::kind::everybody}}; }
  /// Every connection whose `client_id` is this text.
  target to_client(std::string_view client_id) {
    return {*this, {.who = audience::kind::client, .client = std::string{client_id}}};
  }
  /// Everybody in the space or, with a room, in that room, except connections with this `client_id`.
  target to_all_but(std::string_view client_id, std::string_view room = {}) {
    return {*this,
            {.who = room.empty() ? audience::kind::everybody : audience::kind::room,
             .room = std::string{room},
             .client = std::string{client_id}}};
  }

  /// Asks everybody that `to` reaches; the first answer counts. `done` runs on the shard of whoever
  /// answered, or gets `timed_out`.
  template <class R, class... Args>
  void ask(const audience& to, std::string_view event,
           std::function<void(result<answer_type_t<R>, ask_error>)> done, const Args&... args) {
    ask_within<R>(default_ask_timeout, to, event, std::move(done), args...);
  }
  template <class R, class... Args>
  void ask_within(std::chrono::milliseconds timeout, const audience& to, std::string_view event,
                  std::function<void(result<answer_type_t<R>, ask_error>)> done,
                  const Args&... args) {
    if (link.ask)
      link.ask(to, event, make_payload(args...), timeout, decode_answer<R>(std::move(done)));
    else
      done(ask_error{.code = errc::closed, .text = std::string{to_string(errc::closed)}});
  }

  /// Calls `run` for every connection that is in, on its shard; returns before that has happened.
  void visit(std::function<void(connection&)> run) { visit({}, std::move(run)); }
  /// The same for those whom `to` reaches: one connection, the members of a room.
  void visit(const audience& to, std::function<void(connection&)> run) {
    if (link.visit)
      link.visit(to, std::move(run));
  }
  /// Calls `run` in a room, where its handlers run; returns before that has happened. A room that
  /// is not there is made.
  void visit_room(std::string_view room, std::function<void(troupe::room&)> run) {
    if (link.visit_room)
      link.visit_room(std::string{room}, std::move(run));
  }
  /// Connections that are in now.
  std::size_t size() const { return link.size ? link.size() : 0; }

  void send_event(const audience& to, std::string_view event, payload content,
                  const delivery& how) override {
    if (link.send)
      link.send(to, event, std::move(content), how);
  }

  // -- read by the server ----

  const std::string& name() const noexcept { return name_; }
  /// The number of `event`; registers it if it has none.
  std::size_t register_event(std::string_view event);
  /// The same, except for names that `troupe.v1` cannot say: they have no numbers.
  void register_name(std::string_view event);
  /// The number of a registered event.
  std::optional<std::size_t> find_event(std::string_view event) const;
  const std::vector<std::string>& event_names() const noexcept { return names_; }
  /// The events that have handlers, in alphabetical order.
  std::vector<std::string_view> handled_events() const;
  /// The handler of an event; null if it has none.
  event_handler* find_handler(std::string_view event) noexcept;
  /// The rules for a room; default rules if nobody asked for others.
  const room_rules& rules_for(std::string_view room) const;

  event_handler any;
  std::function<void(connection&, std::string_view, std::string_view)> error;
  connect_hook connect;
  connect_hook connected;
  disconnect_hook disconnect;
  room_hook join;
  room_hook joined;
  room_hook leave;
  room_hook left;
  std::map<std::string, room_rules, std::greater<>> room_kinds; ///< by prefix, longer first
  bool clients_may_join = true;
  space_link link; ///< set by the running server

protected:
  void rename(std::string name) { name_ = std::move(name); }

private:
  template <class F>
  static event_handler wrap(F run) {
    return [run = std::move(run)](connection& from, payload_view content) mutable {
      return invoke_handler<connection>(run, from, content);
    };
  }
  void add_handler(std::string_view event, event_handler run);

  std::string name_;
  std::vector<std::string> names_; ///< by number
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::map<std::string, event_handler, std::less<>> handlers_;
};

} // namespace troupe
