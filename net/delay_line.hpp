#pragma once
#include "troupe/bytes.hpp"
#include "troupe/game/random.hpp"

#include "net/impairment.hpp"
#include "net/timer_wheel.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace troupe::net {

/// One direction of a connection over a bad network: bytes go in, and come out later in the same
/// order.
///
/// They travel as packets. A lost one is sent again, 200 ms and a round trip later, and what is
/// behind it waits: TCP shows loss as stalls.
///
/// Threading:  belongs to one thread. Time is an argument.
/// Ownership:  holds the bytes on their way, never more than `capacity`.
/// Errors:     none.
class delay_line {
public:
  static constexpr std::size_t packet_bytes = 1'400;

  /// @param seed  lines with different ones lose and delay different packets.
  delay_line(const impairment& how, std::uint64_t seed);

  /// As much as is on its way at the rate, and a quarter of a second more.
  std::size_t capacity() const noexcept { return capacity_; }
  /// How many bytes it takes at the moment.
  std::size_t room() const noexcept { return capacity_ - size(); }
  bool is_empty() const noexcept { return size() == 0; }

  /// @pre bytes.size() <= room()
  void push(byte_view bytes, time_point now);
  /// What has arrived by `now`.
  byte_view arrived(time_point now) const noexcept;
  /// Forgets the first bytes of what has arrived.
  void pop(std::size_t count);
  void clear() noexcept;

  /// When the next bytes arrive; none if nothing is on its way.
  std::optional<time_point> next_arrival() const noexcept;

private:
  struct packet {
    time_point at;
    std::size_t bytes;
  };

  std::size_t size() const noexcept { return bytes_.size() - first_; }
  time_point arrival_of(std::size_t bytes, time_point now);

  impairment how_;
  std::size_t capacity_;
  game::random_source random_;
  std::vector<std::byte> bytes_;
  std::size_t first_ = 0; ///< of `bytes_`: those before have left
  std::deque<packet> packets_;
  time_point sent_{}; ///< the last packet has left the sender
  time_point last_arrival_{};
};

} // namespace troupe::net
