#pragma once
#include <cstddef>

namespace troupe::test {

/// How often the calling thread has called `operator new` so far. Link count_allocations.cpp,
/// which replaces it.
std::size_t allocations() noexcept;

} // namespace troupe::test
