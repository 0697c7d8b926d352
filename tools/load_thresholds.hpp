#pragma once
#include "tools/load_result.hpp"

#include <string>
#include <vector>

namespace troupe::load {

/// The bounds of `result.settings.limits` that `result` does not keep, one sentence each; empty
/// when the run passed. A run that stalled never passes.
std::vector<std::string> find_violations(const run_result& result);

/// Whether there is anything to judge: connections, and time in which they were measured.
bool is_measured(const run_result& result) noexcept;

/// Deliveries per second while measuring; churn: connections opened and closed.
double measured_rate(const run_result& result) noexcept;

/// Open loop: whether this program could not send what was due, so that the latencies of the
/// messages that were never sent are missing.
bool is_rate_missed(const run_result& result) noexcept;

/// Server CPU time per delivery (churn: per connection); zero without --pid or deliveries.
nanoseconds server_cpu_per_delivery(const run_result& result) noexcept;

/// 0 passed, 1 a bound was violated, 2 nothing could be measured.
int exit_code_of(const run_result& result);

} // namespace troupe::load
