// Moving values between texts and the fields of `config`.
#include "server/config_keys.hpp"
#include "server/simulate.hpp"

#include <algorithm>
#include <array>

namespace troupe {
namespace {

bool is_allowed_text(std::string_view value, text_form form) noexcept {
  switch (form) {
  case text_form::any:
  case text_form::path:
  case text_form::directory:
    return true;
  case text_form::listen_address:
    return is_listen_address(value);
  case text_form::log_level: {
    constexpr std::array<std::string_view, 7> levels{"trace", "debug",    "info", "warn",
                                                     "error", "critical", "off"};
    return std::ranges::find(levels, value) != levels.end();
  }
  case text_form::origin:
    return is_origin(value);
  case text_form::impairment:
    return true; // `parse_impairment` says which part is wrong
  }
  return false;
}

/// Non-empty parts of `texts`, split at commas.
std::vector<std::string> split_list(const std::vector<std::string>& texts) {
  std::vector<std::string> result;
  for (std::string_view rest : texts)
    while (!rest.empty()) {
      const auto part = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
      if (!part.empty())
        result.emplace_back(part);
    }
  return result;
}

/// Turns texts into the value of one field; the overload is chosen by the field's type.
class field_reader {
public:
  field_reader(const config_key& key, const std::vector<std::string>& values,
               const config_source& source)
      : key_(key), values_(values), source_(source) {}

  void read(std::string& field) const {
    check(is_allowed_text(last(), key_.form));
    if (key_.form == text_form::impairment)
      parse_impairment(last(), source_);
    field = last();
  }

  void read(bool& field) const {
    const auto value = parse_switch(last());
    check(value.has_value());
    field = *value;
  }

  void read(std::vector<std::string>& field) const {
    auto parts = split_list(values_);
    for (const auto& part : parts)
      if (!is_allowed_text(part, key_.form))
        throw refused_value(source_, part, key_.allowed());
    field = std::move(parts);
  }

  void read(std::size_t& field) const { field = static_cast<std::size_t>(number()); }
  void read(std::chrono::milliseconds& field) const {
    field = std::chrono::milliseconds{static_cast<std::chrono::milliseconds::rep>(number())};
  }

private:
  std::string last() const { return values_.empty() ? std::string{} : values_.back(); }

  void check(bool allowed) const {
    if (!allowed)
      throw refused_value(source_, last(), key_.allowed());
  }

  std::uint64_t number() const {
    const auto value = parse_number(last(), key_.unit);
    check(value && *value >= key_.least && *value <= key_.most);
    return value.value_or(0);
  }

  const config_key& key_;
  const std::vector<std::string>& values_;
  const config_source& source_;
};

/// Turns the value of one field into texts.
struct field_writer {
  number_unit unit;

  std::vector<std::string> write(const std::string& field) const { return {field}; }
  std::vector<std::string> write(bool field) const { return {field ? "on" : "off"}; }
  std::vector<std::string> write(const std::vector<std::string>& field) const { return field; }
  std::vector<std::string> write(std::size_t field) const { return {format_number(field, unit)}; }
  std::vector<std::string> write(std::chrono::milliseconds field) const {
    if (field.count() < 0)
      return {std::to_string(field.count()) + "ms"};
    return {format_number(static_cast<std::uint64_t>(field.count()), unit)};
  }
};

template <class Value>
Value& at(config& values, Value config::*field) {
  return values.*field;
}
template <class Value>
Value& at(config& values, Value limits_fields::*field) {
  return values.limits.*field;
}
template <class Value>
const Value& at(const config& values, Value config::*field) {
  return values.*field;
}
template <class Value>
const Value& at(const config& values, Value limits_fields::*field) {
  return values.limits.*field;
}

} // namespace

config_error refused_value(const config_source& source, std::string_view value,
                           std::string_view allowed) {
  std::string text = source.place.empty() ? std::string{"The"} : source.place + ": the";
  text.append(" value \"").append(value).append("\" of ").append(source.name);
  return config_error{text.append(" is not ").append(allowed).append(".")};
}

void set_config_key(config& target, const config_key& key, const std::vector<std::string>& values,
                    const config_source& source) {
  const field_reader reader{key, values, source};
  std::visit([&](auto field) { reader.read(at(target, field)); }, key.field);
}

std::vector<std::string> config_texts(const config& values, const config_key& key) {
  const field_writer writer{key.unit};
  return std::visit([&](auto field) { return writer.write(at(values, field)); }, key.field);
}

} // namespace troupe
