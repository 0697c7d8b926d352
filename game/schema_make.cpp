#include "troupe/game/schema.hpp"

#include <algorithm>

namespace troupe::game {

namespace {

/// Numbers records in the order in which they are met, the root first.
class schema_maker {
public:
  explicit schema_maker(const record_access& root) {
    index_of(root);
    for (std::size_t i = 0; i < known_.size(); ++i)
      fill(i);
  }

  state_schema take() { return std::move(schema_); }

private:
  std::uint32_t index_of(const record_access& record) {
    const auto found = std::find(known_.begin(), known_.end(), &record);
    const auto index = static_cast<std::uint32_t>(found - known_.begin());
    if (found == known_.end()) {
      known_.push_back(&record);
      schema_.records.push_back({record.name, {}});
    }
    return index;
  }

  void fill(std::size_t index) {
    std::vector<schema_field> fields;
    for (const auto& field : known_[index]->fields)
      fields.push_back({field.name, type_of(*field.value)});
    schema_.records[index].fields = std::move(fields);
  }

  schema_type type_of(const value_access& value) {
    schema_type type{.kind = value.kind,
                     .width = value.width,
                     .low = value.low,
                     .high = value.high,
                     .steps = value.steps,
                     .choices = value.choices,
                     .record = value.record ? index_of(value.record()) : 0,
                     .element = {}};
    if (value.kind == field_kind::list)
      type.element.push_back(type_of(value.list.element()));
    return type;
  }

  std::vector<const record_access*> known_;
  state_schema schema_;
};

} // namespace

state_schema make_schema(const record_access& root) {
  return schema_maker{root}.take();
}

} // namespace troupe::game
