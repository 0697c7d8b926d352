#pragma once
#include "troupe/client_types.hpp"

namespace troupe {

/// Hears what happens to a client in one room, beside the handlers of the client.
///
/// Threading:  called on the client's own thread.
/// Errors:     an exception goes to the client's `on_error`.
class room_listener {
public:
  room_listener() = default;
  room_listener(const room_listener&) = delete;
  room_listener& operator=(const room_listener&) = delete;
  virtual ~room_listener() = default;

  virtual void heard(const incoming& from) = 0;
  /// The connection is gone, and the membership with it. The client will join the room again when
  /// it has reconnected: `joined` or `left` follows.
  virtual void lost() = 0;
  /// The client is in the room again.
  virtual void joined() = 0;
  /// The client is not in the room any more.
  virtual void left(room_change::reason why) = 0;
};

} // namespace troupe
