#pragma once
#include "troupe/bytes.hpp"
#include "troupe/errc.hpp"

#include "protocol/native.hpp"
#include "protocol/native_encode.hpp"
#include "tools/load_options.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe::load {

/// What one native message means for the connection that received it.
struct native_event {
  enum class kind : std::uint8_t {
    ignored, ///< presence, clock, an event of the application
    answer,  ///< `reply` must be sent before the connection is ready
    ready,   ///< hello, and joined where the scenario has a room
    payload, ///< a message of the scenario
    refused, ///< an error from the server, or bytes that are no native message
  };
  kind what = kind::ignored;
  std::vector<std::byte> reply{}; ///< `answer`
  byte_view payload{};            ///< `payload`: a view into the message
  std::uint64_t sender = 0;       ///< `payload` of a room event: connection id; 0 = not known
  errc code = errc::ok;           ///< `refused`
};

/// The client's side of `troupe.v1` for all connections of a run: hello, join, then publish to the
/// room (broadcast, rooms) or ask (echo). Pure: bytes in, bytes out.
///
/// Threading:  one thread at a time.
/// Errors:     whatever a server sends is an event; nothing throws but allocation.
class native_dialect {
public:
  explicit native_dialect(const options& settings);

  native_event receive(std::size_t connection, byte_view message);

  /// What stands in front of the payload of the connection's next message.
  protocol::envelope envelope_for(std::size_t connection);

  /// The id that the server gave the connection; 0 before hello.
  std::uint64_t id_of(std::size_t connection) const noexcept { return peers_[connection].id; }

  /// Messages per second that the server announces to allow each connection; 0 = none announced.
  std::uint64_t announced_rate() const noexcept { return announced_rate_; }

  /// The connection begins anew.
  void reset(std::size_t connection) noexcept { peers_[connection] = {}; }

private:
  struct peer {
    std::uint64_t id = 0;
    std::uint64_t room = 0;
    std::uint64_t asks = 0;
  };

  native_event welcome(std::size_t connection, const protocol::message& hello);
  void read_announcement(byte_view payload);
  protocol::event_name event_name() const noexcept;

  const options& settings_;
  std::vector<peer> peers_;
  std::optional<std::uint64_t> event_number_; ///< when the server registered the event
  std::uint64_t announced_rate_ = 0;
  bool is_announced_ = false;
};

} // namespace troupe::load
