#pragma once
#include "troupe/endpoint.hpp"

#include <optional>

namespace troupe {

/// What the endpoint's `authorize` says about `asked`; nothing if it throws, which is logged.
std::optional<authorization> judge(const endpoint& rules, const request& asked) noexcept;

} // namespace troupe
