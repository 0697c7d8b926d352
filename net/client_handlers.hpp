#pragma once
#include "troupe/client_types.hpp"
#include "troupe/room_listener.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace troupe::net {

/// What an application wants to be told, as it stands at one moment.
struct client_handlers {
  using event_handler = std::function<reply(const incoming&)>;

  std::function<void(const server_info&)> on_open;
  std::function<void(const server_info&)> on_resume;
  std::function<void(const client_status&, std::optional<std::chrono::milliseconds>)> on_close;
  std::function<void(errc, std::string_view)> on_error;
  std::function<void(const room_change&)> on_room_change;
  std::function<void(const incoming&)> on_any;
  std::map<std::string, event_handler, std::less<>> events;      ///< sent to this client
  std::map<std::string, event_handler, std::less<>> room_events; ///< sent to a room
  std::map<std::string, std::weak_ptr<room_listener>, std::less<>> listeners; ///< by room
};

/// The handlers of a client, replaceable while it runs: each change makes a new set, so that a call
/// in progress keeps the set it began with.
///
/// Threading:  every function may be called from any thread.
class client_handler_store {
public:
  std::shared_ptr<const client_handlers> current() const {
    const std::lock_guard lock{mutex_};
    return handlers_;
  }

  /// Calls `change` with a copy of the handlers, which then becomes current.
  template <class Change>
  void update(Change change) {
    const std::lock_guard lock{mutex_};
    auto next = std::make_shared<client_handlers>(*handlers_);
    change(*next);
    handlers_ = std::move(next);
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const client_handlers> handlers_ = std::make_shared<const client_handlers>();
};

} // namespace troupe::net
