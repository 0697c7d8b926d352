#pragma once
#include "troupe/client_types.hpp"

#include "net/client_handlers.hpp"
#include "net/client_state.hpp"

#include <vector>

namespace troupe::net {

/// Takes a client's incoming messages to its state and its handlers, and answers asks.
///
/// Threading:  the client's own thread; handlers run inside `receive`.
/// Errors:     an exception of a handler is reported to `on_error`, and to the server if it asked.
class client_dispatch {
public:
  using microseconds = std::chrono::microseconds;

  client_dispatch(client_state& state, client_handler_store& handlers)
      : state_(state), handlers_(handlers) {}

  /// Handles one message that is no hello.
  void receive(const protocol::message& from, microseconds now);

  /// The connection is gone, and what belonged to it: whoever waits for an answer gets none.
  void lose(errc code, std::string_view text, bool comes_again);
  /// What the server said when the client joined a room again.
  void tell_rejoined(std::string_view room, const reply& answer);
  /// Tells everybody who waits that there is no answer.
  void fail(std::vector<client_state::waiter> waiters, errc code, std::string_view text);

  void tell_open(const server_info& info);
  void tell_resume(const server_info& info);
  void tell_close(const client_status& status, std::optional<std::chrono::milliseconds> retry);
  void tell_error(errc code, std::string_view text);

private:
  template <class Handler, class... Args>
  bool tell(const Handler& handler, const Args&... args);
  void handle_event(const protocol::message& from);
  void handle_room_event(const protocol::message& from);
  void handle_change(const std::optional<room_change>& change);
  template <class Call>
  void tell_listener(const std::shared_ptr<room_listener>& who, Call call);
  void complete(const protocol::message& from, reply answer);
  reply call(const client_handlers::event_handler& handler, const incoming& event);

  client_state& state_;
  client_handler_store& handlers_;
};

} // namespace troupe::net
