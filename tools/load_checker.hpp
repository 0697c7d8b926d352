#pragma once
#include "tools/load_sequence.hpp"
#include "tools/load_stamp.hpp"
#include "tools/load_topology.hpp"

#include <cstdint>
#include <vector>

namespace troupe::load {

/// What one arriving message turned out to be.
enum class verdict : std::uint8_t {
  delivered, ///< a message of this run, for this receiver, the first time
  repeated,  ///< arrived before, or too late to tell
  misrouted, ///< from a sender of another group, or back to its sender although it should not
  foreign,   ///< no stamp, or the stamp of another run
};

/// How many of which, over the whole run.
struct check_counts {
  std::uint64_t delivered = 0;
  std::uint64_t reordered = 0; ///< delivered after a later message of the same sender
  std::uint64_t duplicates = 0;
  std::uint64_t misrouted = 0;
  std::uint64_t foreign = 0;
  std::uint64_t lost = 0;        ///< never arrived though a later one did
  std::uint64_t undelivered = 0; ///< never arrived, nor did any later one
};

/// Checks every message that any connection receives for loss, duplication, order and address.
///
/// Threading:  one thread at a time.
/// Ownership:  16 bytes per pair of receiver and sender in the same group.
/// Errors:     none; whatever arrives is counted.
class delivery_checker {
public:
  delivery_checker(const topology& shape, std::uint64_t run);

  /// From now on what does not reach `receiver` is missing. Called before the first message is
  /// sent.
  void admit(std::size_t receiver);

  /// `receiver` is gone: what it lacks stays counted, what is sent from now on is not for it.
  /// @param sent  messages sent so far, by sender number.
  /// @returns     how many messages it lacks.
  std::uint64_t dismiss(std::size_t receiver, const std::vector<std::uint32_t>& sent);

  verdict accept(std::size_t receiver, const stamp& value) noexcept;

  /// For what is not even as long as a stamp.
  void count_foreign() noexcept { ++counts_.foreign; }
  void count_misrouted() noexcept { ++counts_.misrouted; }

  /// Whether `receiver` has this message of `sender`, both of the same group.
  bool has_seen(std::size_t receiver, std::size_t sender, std::uint32_t sequence) const noexcept;

  /// The counts, losses included.
  /// @param sent  messages sent so far, by sender number.
  check_counts result(const std::vector<std::uint32_t>& sent) const;

private:
  void add_missing(std::size_t receiver, const std::vector<std::uint32_t>& sent,
                   check_counts& counts) const;
  const sequence_checker& stream(std::size_t receiver, std::size_t sender) const noexcept;

  topology shape_;
  std::uint64_t run_;
  std::vector<sequence_checker> streams_; ///< by receiver, then by rank of the sender
  std::vector<bool> is_admitted_;         ///< by connection: messages are for it
  check_counts counts_;
};

} // namespace troupe::load
