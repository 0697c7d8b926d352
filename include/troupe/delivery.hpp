#pragma once
#include <chrono>
#include <cstdint>

namespace troupe {

/// What a slow receiver costs a message: the three delivery classes.
enum class delivery_class : std::uint8_t {
  ordered = 0,   ///< never dropped; past the outbox bound the connection closes with 1013
  latest = 1,    ///< replaces the queued message with the same key
  droppable = 2, ///< discarded first when the outbox is under pressure, or when its deadline passes
};

/// What became of one message given to one connection.
enum class verdict : std::uint8_t {
  queued,   ///< it will be written in its turn
  replaced, ///< it took the place of a queued `latest` message with the same key
  dropped,  ///< no room for a `latest` or `droppable` message; nothing else changed
  overflow, ///< no room for an `ordered` message: the connection closes as a slow consumer (1013)
  closed,   ///< the connection no longer takes messages
};

/// How one message is to be delivered. A default-constructed value is `ordered`.
struct delivery {
  delivery_class cls = delivery_class::ordered;
  std::uint64_t key = 0;                     ///< `latest`: messages with equal keys replace each other
  std::uint8_t priority = 0;                 ///< `droppable`: higher survives longer
  std::chrono::milliseconds deadline{0};     ///< `droppable`: useless after this long; 0 = no deadline

  friend bool operator==(const delivery&, const delivery&) = default;
};

/// Never dropped, in order.
constexpr delivery ordered() noexcept {
  return {};
}
/// Only the newest message per key matters (positions, cursors, progress).
constexpr delivery latest(std::uint64_t key = 0) noexcept {
  return {.cls = delivery_class::latest, .key = key};
}
/// Nice to have (particles, typing indicators).
constexpr delivery droppable(std::uint8_t priority = 0, std::chrono::milliseconds deadline = {}) noexcept {
  return {.cls = delivery_class::droppable, .priority = priority, .deadline = deadline};
}

} // namespace troupe
