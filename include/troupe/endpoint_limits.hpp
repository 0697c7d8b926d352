#pragma once
#include <chrono>
#include <cstddef>
#include <optional>

namespace troupe {

/// What differs at one endpoint from the `limits` of the configuration; what is left out stays.
///
///     server.endpoint("/upload").limits({.message_bytes = 8 * 1024 * 1024});
///
/// Buffers have no size to set: a shard reads for all its connections into one buffer, a message is
/// kept only while it is incomplete (`message_bytes` bounds it), and what waits to be written is
/// bounded by the configuration's `outbox_bytes`.
///
/// Errors:  `server::start` throws `config_error` for a value out of the range that the
/// configuration's
///          key has.
struct endpoint_limits {
  using duration = std::chrono::milliseconds;

  std::optional<std::size_t> message_bytes{};  ///< largest message, in bytes
  std::optional<duration> ping_interval{};     ///< silence before a ping; 0: no pings
  std::optional<duration> pong_timeout{};      ///< ping to its pong
  std::optional<duration> read_timeout{};      ///< no message for this long ends it; 0: never
  std::optional<duration> write_timeout{};     ///< the peer takes no byte for this long; 0: never
  std::optional<duration> handshake_timeout{}; ///< for writing the 101, once the request is read
  std::optional<bool> compression{};           ///< offer permessage-deflate

  /// These, and of what they leave out those of `others`.
  endpoint_limits over(const endpoint_limits& others) const;
};

inline endpoint_limits endpoint_limits::over(const endpoint_limits& others) const {
  const auto either = [](const auto& mine, const auto& theirs) { return mine ? mine : theirs; };
  return {.message_bytes = either(message_bytes, others.message_bytes),
          .ping_interval = either(ping_interval, others.ping_interval),
          .pong_timeout = either(pong_timeout, others.pong_timeout),
          .read_timeout = either(read_timeout, others.read_timeout),
          .write_timeout = either(write_timeout, others.write_timeout),
          .handshake_timeout = either(handshake_timeout, others.handshake_timeout),
          .compression = either(compression, others.compression)};
}

} // namespace troupe
