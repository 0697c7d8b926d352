#pragma once
#include "tools/load_result.hpp"

#include <string>

namespace troupe::load {

/// The report for people: aligned, in plain text, ending with a line feed.
std::string format_table(const run_result& result);

/// The report for programs: one JSON object; durations in microseconds, fields as docs/load.md
/// lists them.
std::string format_json(const run_result& result);

/// "500 connections, 10 senders, 64-byte messages, closed loop with 16 outstanding"
std::string describe(const options& settings);

} // namespace troupe::load
