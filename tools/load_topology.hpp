#pragma once
#include <cstddef>
#include <cstdint>

namespace troupe::load {

/// Who talks to whom: equal groups of connections, of which the first few send to their group.
///
/// Every scenario with messages is one of these: broadcast is one group with some senders, echo is
/// one group per connection, rooms are groups in which everybody sends. Connections are numbered
/// group by group.
///
/// Threading:  a plain value.
struct topology {
  std::size_t groups = 1;
  std::size_t group_size = 1;        ///< members per group, senders included
  std::size_t senders_per_group = 1; ///< 1 ... group_size
  bool senders_receive = true;       ///< whether the server sends a message to its sender too

  constexpr std::size_t connections() const noexcept { return groups * group_size; }
  constexpr std::size_t senders() const noexcept { return groups * senders_per_group; }
  constexpr std::size_t group_of(std::size_t connection) const noexcept {
    return connection / group_size;
  }
  /// Place within the group.
  constexpr std::size_t rank_of(std::size_t connection) const noexcept {
    return connection % group_size;
  }
  constexpr bool is_sender(std::size_t connection) const noexcept {
    return rank_of(connection) < senders_per_group;
  }
  /// The connection of the sender with this number, 0 ... senders() - 1.
  constexpr std::size_t connection_of_sender(std::size_t sender) const noexcept {
    return sender / senders_per_group * group_size + sender % senders_per_group;
  }
  constexpr std::size_t sender_number(std::size_t connection) const noexcept {
    return group_of(connection) * senders_per_group + rank_of(connection);
  }
};

} // namespace troupe::load
