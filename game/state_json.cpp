#include "troupe/game/state_json.hpp"

#include "troupe/game/fields.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace troupe::game {

namespace {

constexpr std::uint64_t max_safe = (std::uint64_t{1} << 53) - 1;

template <class Number>
std::string digits(Number value) {
  std::array<char, 32> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end};
}

std::string real(double value) {
  return std::isfinite(value) ? digits(value) : "null";
}

template <class Integer>
std::string integer(Integer value, bool is_safe) {
  return is_safe ? digits(value) : '"' + digits(value) + '"';
}

std::string quote(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (quoted += '\\') += c;
    else if (code < 0x20)
      ((quoted += "\\u00") += hex[code >> 4]) += hex[code & 15];
    else
      quoted += c;
  }
  return quoted + '"';
}

std::string number_text(const value_access& access, std::uint64_t code) {
  const auto low = static_cast<double>(access.low);
  switch (access.kind) {
  case field_kind::boolean:
    return code != 0 ? "true" : "false";
  case field_kind::natural:
    return integer(code, code <= max_safe);
  case field_kind::integer:
    return integer(number_from_code<std::int64_t>(code), code <= 2 * max_safe);
  case field_kind::real:
    return real(access.width == 32 ? double{number_from_code<float>(code)}
                                   : number_from_code<double>(code));
  case field_kind::ranged:
    return real(low + static_cast<double>(code) / static_cast<double>(access.steps));
  case field_kind::whole:
    return digits(access.low + static_cast<std::int64_t>(code));
  case field_kind::angle:
    return real(static_cast<double>(code)
                * (2 * std::numbers::pi / static_cast<double>(access.top + 1)));
  default:
    return quote(access.choices[code]);
  }
}

class json_writer {
public:
  void write_record(const record_access& access, const void* record) {
    text_ += '{';
    for (const auto& field : access.fields) {
      begin_member(field.name);
      write_value(*field.value, field.locate(record));
    }
    text_ += '}';
  }

  std::string take() { return std::move(text_); }

private:
  void begin_element() {
    if (text_.back() != '{' && text_.back() != '[')
      text_ += ',';
  }

  void begin_member(std::string_view name) {
    begin_element();
    text_ += quote(name) + ':';
  }

  void write_list(const list_access& list, const void* value) {
    text_ += '[';
    for (std::size_t i = 0; i < list.size(value); ++i) {
      begin_element();
      write_value(list.element(), list.at(value, i));
    }
    text_ += ']';
  }

  void write_map(const value_access& access, const void* value) {
    text_ += '{';
    std::pair<json_writer*, const record_access*> context{this, &access.record()};
    access.map.visit(value, &context, [](void* to, entity_id id, const void* entity) {
      const auto [self, record] = *static_cast<decltype(context)*>(to);
      self->begin_member(digits(id));
      self->write_record(*record, entity);
    });
    text_ += '}';
  }

  void write_value(const value_access& access, const void* value) {
    switch (access.kind) {
    case field_kind::text:
      text_ += quote(access.text.read(value));
      break;
    case field_kind::record:
      write_record(access.record(), value);
      break;
    case field_kind::list:
      write_list(access.list, value);
      break;
    case field_kind::map:
      write_map(access, value);
      break;
    default:
      text_ += number_text(access, access.number.read(value));
    }
  }

  std::string text_;
};

} // namespace

std::string record_to_json(const record_access& access, const void* record) {
  json_writer writer;
  writer.write_record(access, record);
  return writer.take();
}

} // namespace troupe::game
