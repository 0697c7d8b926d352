#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "troupe/ask.hpp"
#include "troupe/bytes.hpp"
#include "troupe/emit.hpp"
#include "troupe/request.hpp"
#include "troupe/timers.hpp"
#include "troupe/values.hpp"

namespace troupe {

/// One client, as handlers see it: the actor behind one WebSocket.
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
  /// The request that opened it; `request().remote_address()` is the client's address.
  virtual const troupe::request& request() const noexcept = 0;
  /// What `authorize` attached; other members of its rooms see it. Empty if nothing was.
  virtual std::string_view identity() const noexcept = 0;
  virtual bool is_open() const noexcept = 0;
  /// Bytes queued for it and not yet taken by the kernel: the pressure of a slow client.
  virtual std::size_t queued_bytes() const noexcept = 0;
  /// Of the last ping; 0 before the first.
  virtual std::chrono::microseconds round_trip() const noexcept = 0;

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

  target to(connection_id id) {
    return {*this, {.who = audience::kind::connection, .id = id}};
  }
  target to(std::string_view room) {
    return {*this, {.who = audience::kind::room, .room = std::string{room}}};
  }
  target to_others(std::string_view room) {
    return {*this, {.who = audience::kind::room, .except = id(), .room = std::string{room}}};
  }
  target to_all() { return {*this, {.who = audience::kind::everybody}}; }
  target to_others() { return {*this, {.who = audience::kind::everybody, .except = id()}}; }

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

  /// Closes it after what is queued; 1000, or a code of the application's own (4000-4999).
  virtual void close(std::uint16_t code = 1000, std::string_view reason = {}) = 0;

  /// The application's data about this client: `c.value<player>().score`.
  template <class T>
  T& value() {
    return values().template value<T>();
  }
  virtual value_store& values() = 0;

  virtual verdict send_here(std::string_view event, payload content, const delivery& how) = 0;
  virtual void send_ask(std::string_view event, payload content, std::chrono::milliseconds timeout,
                        ask_answer done)
    = 0;

protected:
  connection() = default;
  ~connection() = default;
};

} // namespace troupe
