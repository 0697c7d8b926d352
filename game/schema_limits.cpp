#include "game/schema_limits.hpp"

#include <algorithm>
#include <set>

namespace troupe::game {

namespace {

bool is_width_of_integer(unsigned width) {
  return width == 8 || width == 16 || width == 32 || width == 64;
}

bool has_good_bounds(const schema_type& type) {
  constexpr std::int64_t farthest = std::int64_t{1} << 40;
  return type.low < type.high && type.low >= -farthest && type.high <= farthest && type.steps > 0
         && type.high - type.low <= std::int64_t{0xFFFFFFFF} / type.steps;
}

bool is_good(const schema_type& type, std::size_t records) {
  switch (type.kind) {
  case field_kind::natural:
  case field_kind::integer:
    return is_width_of_integer(type.width);
  case field_kind::real:
    return type.width == 32 || type.width == 64;
  case field_kind::angle:
    return type.width >= 1 && type.width <= 24;
  case field_kind::ranged:
  case field_kind::whole:
    return has_good_bounds(type);
  case field_kind::choice:
    return !type.choices.empty();
  case field_kind::record:
  case field_kind::map:
    return type.record < records;
  case field_kind::list:
    return type.element.size() == 1 && is_good(type.element.front(), records)
           && type.element.front().kind != field_kind::map;
  case field_kind::boolean:
  case field_kind::text:
    break;
  }
  return true;
}

/// Names become members of objects in JavaScript: letters, digits and _, and not its own word.
bool is_good_name(std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::ranges::all_of(name, is_word)
         && name != "__proto__";
}

bool has_good_names(const schema_record& record) {
  std::set<std::string_view> names;
  return std::ranges::all_of(record.fields, [&](const schema_field& field) {
    return is_good_name(field.name) && names.insert(field.name).second;
  });
}

/// Counts leaves, and stops at the limit: records within records may multiply, or have no end.
std::size_t count_leaves(const state_schema& schema, std::size_t index, unsigned depth) {
  if (depth > max_record_depth)
    return max_record_leaves + 1;
  std::size_t leaves = 0;
  for (const auto& field : schema.records[index].fields) {
    if (leaves > max_record_leaves)
      break;
    leaves += field.type.kind == field_kind::record
                  ? std::max<std::size_t>(count_leaves(schema, field.type.record, depth + 1), 1)
                  : 1;
  }
  return leaves;
}

} // namespace

std::string_view find_schema_fault(const state_schema& schema) {
  for (const auto& record : schema.records) {
    if (!has_good_names(record))
      return "a member's name is none, or not its own";
    for (const auto& field : record.fields)
      if (!is_good(field.type, schema.records.size()))
        return "a member's type has a width, a bound or a record that does not exist";
  }
  for (std::size_t i = 0; i < schema.records.size(); ++i)
    if (count_leaves(schema, i, 0) > max_record_leaves)
      return "a record has too many members, or contains itself";
  return {};
}

} // namespace troupe::game
