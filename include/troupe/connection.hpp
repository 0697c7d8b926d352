#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "troupe/ask.hpp"
#include "troupe/bytes.hpp"
#include "troupe/emit.hpp"
#include "troupe/request.hpp"
#include "troupe/timers.hpp"
#include "troupe/values.hpp"
#include "troupe/websocket_control.hpp"

namespace troupe {

/// What a handler may know about the message it runs for.
struct message_info {
  std::string_view event{};
  std::string_view room{};   ///< the room it was sent to; empty: none
  bool is_binary = false;    ///< it came as a binary message
  bool wants_reply = false;  ///< it is an ask
  bool is_local = false;     ///< in `on_connect`, `on_connected`: the server's wish, not the client's
};

/// One client, as handlers of a space see it: the actor behind one WebSocket.
///
/// What it sends, joins and asks stays within its space. A neffos client that has connected several
/// namespaces has a connection in each; they share id, request, identity, values and socket.
///
/// Threading:  use it only inside handlers and timers of this connection: they run on its shard, one
///             at a time. To reach a connection from elsewhere use its id: `endpoint::to(id)`.
/// Lifetime:   from `on_connect` to the end of `on_disconnect`. Keep the id, not the reference.
/// Errors:     sending to a connection that is closing does nothing and says so in the verdict.
class connection : public event_sender, public timer_owner {
public:
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  virtual connection_id id() const noexcept = 0;
  /// The id that clients of neffos know themselves by; see `endpoint::client_ids`. Need not be unique.
  virtual std::string_view client_id() const = 0;
  /// The name of the space that this is the connection in.
  virtual std::string_view space() const noexcept = 0;
  /// The request that opened it; `request().remote_address()` is the client's address.
  virtual const troupe::request& request() const noexcept = 0;
  /// What `authorize` attached; other members of its rooms see it. Empty if nothing was.
  virtual std::string_view identity() const noexcept = 0;
  virtual bool is_open() const noexcept = 0;
  /// Bytes queued for it and not yet taken by the kernel: the pressure of a slow client.
  virtual std::size_t queued_bytes() const noexcept = 0;
  /// Of the last ping; 0 before the first.
  virtual std::chrono::microseconds round_trip() const noexcept = 0;

  /// The message that the running handler is for; empty in hooks and timers, but for what it says of
  /// `on_connect` and `on_connected`. Valid during the call.
  virtual const message_info& message() const noexcept = 0;

  /// Sends an event to this connection, as `how` says; `ordered` if that is left out.
  template <class... Args>
  verdict emit(std::string_view event, const Args&... args) {
    return send_here(event, make_payload(args...), {});
  }
  template <class... Args>
  verdict emit(const delivery& how, std::string_view event, const Args&... args) {
    return send_here(event, make_payload(args...), how);
  }

  /// Sends one whole WebSocket message without an event around it. On endpoints that speak
  /// `troupe.v1` clients do not understand it: it is for raw endpoints.
  virtual verdict send_text(std::string_view text) = 0;
  virtual verdict send_binary(byte_view bytes) = 0;
  /// Frames, compression, deadlines and addresses of this one client.
  virtual websocket_control& websocket() noexcept = 0;

  target to(connection_id id) {
    return {*this, {.who = audience::kind::connection, .id = id}};
  }
  target to(std::string_view room) {
    return {*this, {.who = audience::kind::room, .room = std::string{room}}};
  }
  target to_others(std::string_view room) {
    return {*this, {.who = audience::kind::room, .except = id(), .room = std::string{room}}};
  }
  /// To this client alone, as an event of a room that it is in.
  target to_self(std::string_view room) {
    return {*this, {.who = audience::kind::room, .id = id(), .room = std::string{room}}};
  }
  target to_all() { return {*this, {.who = audience::kind::everybody}}; }
  target to_others() { return {*this, {.who = audience::kind::everybody, .except = id()}}; }
  /// Every connection whose `client_id` is this text.
  target to_client(std::string_view client_id) {
    return {*this, {.who = audience::kind::client, .client = std::string{client_id}}};
  }

  /// Asks the client; `done` gets its answer as an `R`, or why there is none. An `R` of void takes
  /// any answer.
  template <class R, class... Args>
  void ask(std::string_view event, std::function<void(result<answer_type_t<R>, ask_error>)> done,
           const Args&... args) {
    ask_within<R>(default_ask_timeout, event, std::move(done), args...);
  }
  template <class R, class... Args>
  void ask_within(std::chrono::milliseconds timeout, std::string_view event,
                  std::function<void(result<answer_type_t<R>, ask_error>)> done, const Args&... args) {
    send_ask(event, make_payload(args...), timeout, decode_answer<R>(std::move(done)));
  }

  /// Makes it a member; the room is created if nobody is in it. What is sent to the room
  /// afterwards by this connection arrives after the join.
  virtual void join(std::string_view room) = 0;
  virtual void leave(std::string_view room) = 0;
  virtual bool is_member(std::string_view room) const noexcept = 0;
  /// The rooms it is in. The views are valid until it joins or leaves one.
  virtual std::vector<std::string_view> rooms() const = 0;

  // -- namespaces: only neffos clients have more than one ----

  /// The names of the spaces that it is in. The views are valid until the server ends.
  virtual std::vector<std::string_view> spaces() const = 0;
  /// Its connection in another space; null if it has not connected that.
  virtual connection* in_space(std::string_view space) = 0;
  /// Connects the client to another space: the hooks run, and the client is asked. `done` gets its
  /// connection there, or why there is none: the client, a hook or the protocol refused, or time is up.
  virtual void connect_space(std::string_view space,
                             std::function<void(result<connection*, ask_error>)> done = {}) = 0;
  /// Takes the client out of this space, and out of its rooms there. Afterwards use this object no more.
  virtual void disconnect_space() = 0;

  /// Closes it after what is queued; 1000, or a code of the application's own (4000-4999).
  virtual void close(std::uint16_t code = 1000, std::string_view reason = {}) = 0;

  /// The application's data about this client: `c.value<player>().score`.
  template <class T>
  T& value() {
    return values().template value<T>();
  }
  virtual value_store& values() = 0;
  /// The same for this space alone: they end when the client has left it, after the last hook.
  virtual value_store& space_values() = 0;

  virtual verdict send_here(std::string_view event, payload content, const delivery& how) = 0;
  virtual void send_ask(std::string_view event, payload content, std::chrono::milliseconds timeout,
                        ask_answer done)
    = 0;

protected:
  connection() = default;
  ~connection() = default;
};

} // namespace troupe
