#pragma once
#include "tools/load_units.hpp"

#include <cstddef>
#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace troupe::load {

/// Raises the limit of open files so that `descriptors` fit. Throws `usage_error`, naming the
/// limit, when the system does not allow it.
void allow_descriptors(std::size_t descriptors);

/// CPU time, user and system, of this process.
nanoseconds own_cpu_time();

/// CPU time of all threads of the processes, ended threads included. Throws `usage_error` when one
/// of them does not exist.
nanoseconds cpu_time_of(const std::vector<pid_t>& processes);

/// Time that the threads of the processes were ready to run and had no core. Zero where the kernel
/// does not tell.
nanoseconds waiting_time_of(const std::vector<pid_t>& processes);

/// Lets waits end when they should instead of up to 50 us later, as is usual on Linux.
void sharpen_timers() noexcept;

/// Resident memory of the processes in bytes, shared pages divided among their users (PSS); 0 when
/// it cannot be read.
std::uint64_t memory_of(const std::vector<pid_t>& processes);

} // namespace troupe::load
