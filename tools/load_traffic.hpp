#pragma once
#include "tools/load_checker.hpp"
#include "tools/load_histogram.hpp"
#include "tools/load_pacing.hpp"
#include "tools/load_window.hpp"

#include <limits>
#include <optional>
#include <vector>

namespace troupe::load {

/// How messages are produced: by a clock (open loop) or by the arrival of earlier ones (closed
/// loop).
struct traffic_settings {
  topology shape;
  double rate = 0;        ///< messages/s, all senders together; 0 = closed loop
  std::size_t window = 1; ///< closed loop: messages outstanding per group
  std::size_t burst = 1;  ///< open loop: messages that are due together
  std::uint64_t seed = 1; ///< of the order in which senders take turns
  std::uint64_t run = 0;  ///< the run tag
};

/// What was counted in the measured part of a run.
struct traffic_counts {
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  std::uint64_t delivered_bytes = 0; ///< payload
};

/// Decides who sends which message when, and judges what arrives. It does no I/O and asks no clock,
/// so that a test can run an hour of load in a moment.
///
/// Threading:  one thread at a time. Time is an argument and never goes back.
/// Errors:     none; whatever arrives is counted.
class traffic {
public:
  explicit traffic(const traffic_settings& settings);

  void opened(std::size_t connection);
  void closed(std::size_t connection);

  /// Sends begin now.
  void start(instant now);
  /// Messages due from now on count in `latency`, arrivals in `counts`.
  void begin_measuring(instant now) noexcept { measured_from_ = now; }
  /// Nothing is sent any more, and nothing more is measured but the latency of what is under way.
  void stop(instant now) noexcept { stopped_at_ = now; }

  /// The message to be sent now, if any; it counts as sent.
  std::optional<stamp> next(instant now);
  /// Open loop: when the next message is due.
  std::optional<instant> next_due() const noexcept;

  /// `receiver` got a message.
  /// @returns what it was; `delivered` may have made `next` produce another one.
  verdict received(std::size_t receiver, byte_view message, instant now) noexcept;
  void count_misrouted() noexcept { checker_.count_misrouted(); }

  /// Whether every receiver has everything that was sent to it.
  bool is_complete() const noexcept { return arrived_ >= expected_; }

  const traffic_counts& counts() const noexcept { return counts_; }
  std::uint64_t arrived() const noexcept { return arrived_; } ///< since the start of the run
  std::uint64_t skipped() const noexcept { return skipped_; } ///< due, but the sender was gone
  check_counts checks() const { return checker_.result(sent_); }
  const histogram& latency() const noexcept { return latency_; }
  const histogram& send_lag() const noexcept { return send_lag_; }
  const topology& shape() const noexcept { return settings_.shape; }

private:
  static constexpr instant never = instant::max();

  bool is_measured(instant at) const noexcept { return at >= measured_from_ && at < stopped_at_; }
  std::uint32_t receivers_of(std::size_t sender) const noexcept;
  std::optional<stamp> next_by_clock(instant now);
  std::optional<stamp> next_by_window(instant now);
  stamp make_message(std::size_t sender, instant due, instant now);

  traffic_settings settings_;
  delivery_checker checker_;
  std::optional<pacing> pacing_;
  std::optional<send_window> window_;
  std::vector<bool> is_open_;             ///< by connection
  std::vector<std::uint32_t> group_open_; ///< by group: open members
  std::vector<std::uint32_t> sent_;       ///< by sender number
  std::uint64_t expected_ = 0;
  std::uint64_t arrived_ = 0;
  std::uint64_t skipped_ = 0;
  instant measured_from_ = never;
  instant stopped_at_ = never;
  bool is_started_ = false;
  traffic_counts counts_;
  histogram latency_;
  histogram send_lag_;
};

} // namespace troupe::load
