#pragma once
#include "troupe/game/schema.hpp"

#include <cstdint>
#include <string_view>

namespace troupe::game {

inline constexpr std::uint64_t schema_version = 1;
inline constexpr std::uint64_t max_schema_records = 256;
inline constexpr std::uint64_t max_record_leaves = 1'024;
inline constexpr std::uint64_t max_choices = 65'536;
inline constexpr std::size_t max_schema_name = 256;
inline constexpr unsigned max_list_depth = 8;
inline constexpr unsigned max_record_depth = 16;

/// What is wrong with a schema whose bytes could be read: widths, bounds, indices, cycles; static
/// storage, empty when nothing is.
std::string_view find_schema_fault(const state_schema& schema);

} // namespace troupe::game
