#include "troupe/game/schema.hpp"

#include <algorithm>

namespace troupe::game {

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Record names of templates hold brackets, which no interface may.
std::string interface_name(const state_schema& schema, std::uint32_t index) {
  auto name = schema.records[index].name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_word(c); }, '_');
  const auto first = std::find_if(schema.records.begin(), schema.records.end(), [&](const auto& r) {
    return r.name == schema.records[index].name;
  });
  const bool is_second = first - schema.records.begin() != static_cast<std::ptrdiff_t>(index);
  return is_second ? name + '_' + std::to_string(index) : name;
}

std::string quote(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string choices(const schema_type& type) {
  std::string text;
  for (const auto& choice : type.choices)
    text += (text.empty() ? "" : " | ") + quote(choice);
  return text;
}

std::string type_text(const state_schema& schema, const schema_type& type) {
  switch (type.kind) {
  case field_kind::boolean:
    return "boolean";
  case field_kind::natural:
  case field_kind::integer:
    return type.width == 64 ? "number | bigint" : "number";
  case field_kind::real:
  case field_kind::ranged:
  case field_kind::whole:
  case field_kind::angle:
    return "number";
  case field_kind::choice:
    return choices(type);
  case field_kind::text:
    return "string";
  case field_kind::record:
    return interface_name(schema, type.record);
  case field_kind::list:
    return "Array<" + type_text(schema, type.element.front()) + ">";
  case field_kind::map:
    return "Map<number, " + interface_name(schema, type.record) + ">";
  }
  return "unknown";
}

} // namespace

std::string to_typescript(const state_schema& schema) {
  std::string text;
  for (auto i = static_cast<std::uint32_t>(schema.records.size()); i-- > 0;) {
    text += "export interface " + interface_name(schema, i) + " {\n";
    for (const auto& field : schema.records[i].fields)
      text += "  " + field.name + ": " + type_text(schema, field.type) + ";\n";
    text += i == 0 ? "}\n" : "}\n\n";
  }
  return text;
}

} // namespace troupe::game
