#include "troupe/game/schema.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace troupe::game {

namespace {

std::string bounds(const schema_type& type) {
  return " from " + std::to_string(type.low) + " to " + std::to_string(type.high);
}

std::string describe(const state_schema& schema, const schema_type& type) {
  const auto width = std::to_string(type.width) + " bits";
  switch (type.kind) {
  case field_kind::boolean:
    return "a boolean";
  case field_kind::natural:
    return "an unsigned integer of " + width;
  case field_kind::integer:
    return "a signed integer of " + width;
  case field_kind::real:
    return "a real of " + width;
  case field_kind::ranged:
    return "a number" + bounds(type) + " with " + std::to_string(type.steps) + " steps per unit";
  case field_kind::whole:
    return "an integer" + bounds(type);
  case field_kind::angle:
    return "an angle of " + width;
  case field_kind::choice:
    return "a choice of " + std::to_string(type.choices.size()) + " names";
  case field_kind::text:
    return "a text";
  case field_kind::record:
    return "a structure";
  case field_kind::list:
    return "a list whose elements are each " + describe(schema, type.element.front());
  case field_kind::map:
    return "a map of structures";
  }
  return "of an unknown type";
}

/// Walks both schemas at once, and remembers the first difference.
class comparison {
public:
  comparison(const state_schema& here, const state_schema& there) : here_{here}, there_{there} {
    if (!here.records.empty() && !there.records.empty())
      compare_records(0, 0, "");
  }

  std::string take() { return std::move(found_); }

private:
  void report(const std::string& path, const std::string& what) {
    if (found_.empty())
      found_ = (path.empty() ? std::string{"the state"} : path) + ' ' + what;
  }

  void compare_records(std::uint32_t ours, std::uint32_t theirs, const std::string& path) {
    if (!seen_.emplace(ours, theirs).second || !found_.empty())
      return;
    const auto& one = here_.records[ours];
    const auto& other = there_.records[theirs];
    for (std::size_t i = 0; i < std::max(one.fields.size(), other.fields.size()); ++i)
      compare_members(one, other, i, path);
    if (one.name != other.name)
      report(path, "is a " + one.name + " here and a " + other.name + " there");
  }

  void compare_members(const schema_record& one, const schema_record& other, std::size_t i,
                       const std::string& path) {
    const auto inner = path.empty() ? path : path + '.';
    if (i >= one.fields.size())
      report(inner + other.fields[i].name, "exists only there");
    else if (i >= other.fields.size())
      report(inner + one.fields[i].name, "exists only here");
    else if (one.fields[i].name != other.fields[i].name)
      report(inner + one.fields[i].name, "stands where " + other.fields[i].name + " is there");
    else
      compare_types(one.fields[i].type, other.fields[i].type, inner + one.fields[i].name);
  }

  void compare_types(const schema_type& one, const schema_type& other, const std::string& path) {
    if (one.kind == field_kind::list && other.kind == field_kind::list)
      return compare_types(one.element.front(), other.element.front(), path + "[]");
    const bool has_record = one.kind == field_kind::record || one.kind == field_kind::map;
    if (one.kind == other.kind && has_record)
      return compare_records(one.record, other.record, path);
    if (one.kind == field_kind::choice && other.kind == field_kind::choice)
      return compare_choices(one, other, path);
    if (one != other)
      report(path,
             "is " + describe(here_, one) + " here and " + describe(there_, other) + " there");
  }

  void compare_choices(const schema_type& one, const schema_type& other, const std::string& path) {
    const auto [mine, yours] = std::mismatch(one.choices.begin(), one.choices.end(),
                                             other.choices.begin(), other.choices.end());
    if (mine == one.choices.end() && yours == other.choices.end())
      return;
    const auto name = [](const auto& at, const auto& all) {
      return at == all.end() ? std::string{"nothing"} : *at;
    };
    report(path, "can be " + name(mine, one.choices) + " here where it can be "
                     + name(yours, other.choices) + " there");
  }

  const state_schema& here_;
  const state_schema& there_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
  std::string found_;
};

} // namespace

std::string schema_difference(const state_schema& here, const state_schema& there) {
  auto found = comparison{here, there}.take();
  return found.empty() && here != there ? "the state has other records there" : found;
}

} // namespace troupe::game
