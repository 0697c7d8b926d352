#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "troupe/emit.hpp"
#include "troupe/timers.hpp"
#include "troupe/values.hpp"

namespace troupe {

/// One member of a room, as the room sees it: it may be connected to another thread or process.
struct member {
  connection_id id = 0;
  std::string identity; ///< what `authorize` attached to its connection
  bool is_connected = true; ///< false in `on_leave`: it has not left, its connection has ended
  bool is_lost = false;     ///< it was a session, and did not end in order: it may want to come back
};

/// One room, as its handlers see it: the actor that owns the room's state.
///
/// Threading:  use it only inside the room's own handlers and timers, which run one at a time.
/// Lifetime:   from `on_create` until it is disposed of, some time after the last member left.
/// Errors:     a handler that throws (anything but `refused`) restarts the room: its values and
///             timers are gone, `on_create` runs again, members stay and are told. Five restarts in a
///             minute park it.
class room : public event_sender, public timer_owner {
public:
  room(const room&) = delete;
  room& operator=(const room&) = delete;

  virtual std::string_view name() const noexcept = 0;
  virtual room_number number() const noexcept = 0;
  virtual std::size_t size() const noexcept = 0; ///< members
  virtual bool contains(connection_id id) const noexcept = 0;
  /// Everybody who is in, in no particular order.
  virtual std::vector<member> members() const = 0;
  /// Who caused the handler that is running; id 0 in `on_create` and timers.
  virtual const member& sender() const noexcept = 0;

  /// Sends an event to all members; the sender they see is 0, the server.
  template <class... Args>
  void emit(std::string_view event, const Args&... args) {
    to_all().emit(event, args...);
  }
  template <class... Args>
  void emit(const delivery& how, std::string_view event, const Args&... args) {
    to_all().emit(how, event, args...);
  }
  target to_all() { return {*this, {.who = audience::kind::room}}; }
  target to_others(connection_id except) {
    return {*this, {.who = audience::kind::room, .except = except}};
  }
  /// Direct to one member, in order with what the room sends to all.
  target to(connection_id id) { return {*this, {.who = audience::kind::connection, .id = id}}; }

  /// Sends one event to several members; it is encoded once.
  virtual void send_event(std::span<const connection_id> to, std::string_view event,
                          payload content, const delivery& how) = 0;
  using event_sender::send_event;

  /// Takes a member out; it is told with reason `removed`.
  virtual void remove(connection_id id) = 0;
  /// Ends the room: members are told with reason `room_closed`, timers end, and whoever joins from
  /// now on is in a new room of this name.
  virtual void close() = 0;

  template <class T>
  T& value() {
    return values().template value<T>();
  }
  virtual value_store& values() = 0;

protected:
  room() = default;
  ~room() = default;
};

} // namespace troupe
