#pragma once
#include "tools/load_topology.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace troupe::load {

/// The closed loop: keeps a fixed number of messages outstanding in each group.
///
/// A message is outstanding until every receiver has it; its place in the window is then given
/// to the group's next sender. Groups with free places wait in a queue.
///
/// Threading:  one thread at a time.
/// Ownership:  8 bytes per sender and place in the window.
/// Errors:     none; deliveries of unknown messages are ignored.
class send_window {
public:
  /// @param window  messages outstanding per group, >= 1.
  send_window(const topology& shape, std::size_t window);

  /// A group that may send now, and the connection whose turn it is; takes one place.
  std::optional<std::size_t> next_sender() noexcept;

  /// The message was handed to the socket, for `receivers` connections. Without receivers the place
  /// is lost.
  void sent(std::size_t sender, std::uint32_t sequence, std::uint32_t receivers);

  /// One receiver has the message, or will never have it.
  void delivered(std::size_t sender, std::uint32_t sequence);

  /// Gives a place back without a message: its sender is gone.
  /// @returns false when the group has no other sender to try.
  bool pass(std::size_t sender);

  /// Calls `visit(sequence)` for each outstanding message of `sender`. `visit` may call
  /// `delivered`.
  template <class Visit>
  void for_each_outstanding(std::size_t sender, Visit visit) {
    for (std::size_t place = 0; place < capacity_; ++place)
      if (const auto& entry = flights_[first_place(sender) + place]; entry.missing != 0)
        visit(entry.sequence);
  }

private:
  struct flight {
    std::uint32_t sequence = 0;
    std::uint32_t missing = 0; ///< receivers that do not have it yet; 0 = free
  };

  std::size_t first_place(std::size_t sender) const noexcept {
    return shape_.sender_number(sender) * capacity_;
  }
  flight& place_of(std::size_t sender, std::uint32_t sequence) noexcept {
    return flights_[first_place(sender) + (sequence & (capacity_ - 1))];
  }

  topology shape_;
  std::size_t capacity_;              ///< places per sender, a power of two
  std::vector<flight> flights_;       ///< by sender number, then by sequence
  std::vector<std::uint32_t> turn_;   ///< by group: rank of the sender whose turn it is
  std::vector<std::uint32_t> passes_; ///< by group: turns passed in a row
  std::vector<std::uint32_t> ready_;  ///< queue of groups, one entry per free place
  std::size_t ready_first_ = 0;
};

} // namespace troupe::load
