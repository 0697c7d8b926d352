#pragma once
#include <string>
#include <string_view>

#include "troupe/delivery.hpp"
#include "troupe/ids.hpp"
#include "troupe/payload.hpp"

namespace troupe {

/// Whom an event is for.
struct audience {
  enum class kind : std::uint8_t {
    connection, ///< the one with `id`
    room,       ///< the members of `room` in the sender's space
    everybody,  ///< all connections of the space
    client,     ///< those whose `client_id` is `client`
  };
  kind who = kind::everybody;
  connection_id id = 0;     ///< `connection`: the receiver; `room`: to this member alone; 0 = all
  connection_id except = 0; ///< `room`, `everybody`: leave this one out; 0 = nobody
  std::string room{};       ///< `room`: its name
  std::string client{};     ///< `client`: the receivers; `room`, `everybody`: leave these out
};

/// Something that can send events: a connection, an endpoint.
class event_sender {
public:
  /// Queues the event; delivery is asynchronous and in order per sender and receiver.
  virtual void send_event(const audience& to, std::string_view event, payload content,
                          const delivery& how)
    = 0;

protected:
  ~event_sender() = default;
};

/// The result of `to(...)`: a sender and whom it addresses. Use it in the same statement.
///
/// Threading:  as its sender.
class target {
public:
  target(event_sender& from, audience to) : from_{from}, to_{std::move(to)} {}

  /// Sends `event` with `args` as `how` says; `ordered` if that is left out.
  template <class... Args>
  void emit(std::string_view event, const Args&... args) {
    from_.send_event(to_, event, make_payload(args...), {});
  }
  template <class... Args>
  void emit(const delivery& how, std::string_view event, const Args&... args) {
    from_.send_event(to_, event, make_payload(args...), how);
  }

private:
  event_sender& from_;
  audience to_;
};

} // namespace troupe
