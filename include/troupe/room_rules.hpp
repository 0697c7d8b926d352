#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "troupe/delivery.hpp"
#include "troupe/handler.hpp"
#include "troupe/room.hpp"

namespace troupe {

/// What the rooms of one kind do: the room side of an endpoint.
///
///     chat.rooms("lobby").relay("say").on_join([](troupe::room& r) { r.value<score>(); });
///
/// Threading:  set it up before the server runs; its functions run on the shard of their room.
/// Ownership:  owned by its endpoint.
class room_rules {
public:
  using hook = std::function<void(room&)>;
  using event_handler = std::function<handler_outcome(room&, payload_view)>;

  /// Before the first member joins, and again after each restart.
  room_rules& on_create(hook run) {
    create = std::move(run);
    return *this;
  }
  /// `r.sender()` wants to join with these arguments: throw `refused` to say no. It is not a member
  /// yet.
  template <class F>
  room_rules& on_join(F run) {
    join = wrap(std::move(run));
    return *this;
  }
  /// `r.sender()` is a member now and has been told; what is sent here arrives after that.
  room_rules& on_joined(hook run) {
    joined = std::move(run);
    return *this;
  }
  /// `r.sender()` has left, for whatever reason.
  room_rules& on_leave(hook run) {
    leave = std::move(run);
    return *this;
  }
  /// Handles a client's event for the room: `[](troupe::room& r, int x, int y) { ... }`.
  template <class F>
  room_rules& on(std::string_view event, F run) {
    handlers.insert_or_assign(std::string{event}, wrap(std::move(run)));
    return *this;
  }
  /// Passes a client's event on to the other members as it is.
  room_rules& relay(std::string_view event) {
    relayed.insert_or_assign(std::string{event}, false);
    return *this;
  }
  /// Passes it on to all members, the sender included.
  room_rules& relay_to_all(std::string_view event) {
    relayed.insert_or_assign(std::string{event}, true);
    return *this;
  }
  /// Passes every client's event that has no handler on to all members, and every message of raw
  /// clients.
  room_rules& relay_everything() {
    relays_everything = true;
    return *this;
  }
  /// Members' messages are written together this often instead of at the end of every loop turn:
  /// the room's tick. Saves a system call per message and member; adds up to a period of latency.
  room_rules& flush_every(std::chrono::milliseconds period) {
    flush_period = period;
    return *this;
  }
  /// Members are told who comes and goes; on by default.
  room_rules& presence(bool is_told) {
    tells_presence = is_told;
    return *this;
  }

  /// The room does not end when it has been empty for a while, but by `room::close` only.
  room_rules& until_closed() {
    lives_until_closed = true;
    return *this;
  }

  /// Rooms whose names `which` picks run on worker threads (`--workers`): their handlers may take
  /// long without holding up any connection. It is called on a thread of the server.
  room_rules& on_workers(std::function<bool(std::string_view room)> which) {
    is_for_workers = std::move(which);
    return *this;
  }

  // -- read by the server ----
  /// Whether a client's event is the room's business; others go to the handlers of its space.
  bool takes(std::string_view event) const {
    return relays_everything || handlers.find(event) != handlers.end()
           || relayed.find(event) != relayed.end();
  }

  hook create;
  event_handler join;
  hook joined;
  hook leave;
  std::map<std::string, event_handler, std::less<>> handlers;
  std::map<std::string, bool, std::less<>> relayed; ///< by event; true: to the sender as well
  std::function<bool(std::string_view room)> is_for_workers; ///< empty: none is
  bool relays_everything = false;
  bool tells_presence = true;
  bool lives_until_closed = false;
  std::chrono::milliseconds flush_period{0};

private:
  template <class F>
  static event_handler wrap(F run) {
    return [run = std::move(run)](room& context, payload_view from) mutable {
      return invoke_handler<room>(run, context, from);
    };
  }
};

} // namespace troupe
