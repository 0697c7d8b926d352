#include "protocol/iris.hpp"

#include "protocol/content_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace troupe::protocol {

namespace {

refusal refuse(std::size_t offset, std::string_view reason) noexcept {
  return {errc::malformed_message, offset, reason};
}

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// -- values of type 1 ----

/// Scripts coerce numeric text, so it may have blanks around it and a plus in front.
std::string_view trim_number(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\n\v\f\r";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
  if (text.size() > 1 && text[0] == '+' && (is_digit(text[1]) || text[1] == '.'))
    text.remove_prefix(1);
  return text;
}

template <class Number>
std::optional<Number> parse(std::string_view text) noexcept {
  Number value{};
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end)
    return {};
  return value;
}

/// `from_chars` alone would also take "nan" and "inf" in any case.
bool is_float_syntax(std::string_view text) noexcept {
  if (text.starts_with('-'))
    text.remove_prefix(1);
  return text == "Infinity" || (!text.empty() && (is_digit(text[0]) || text[0] == '.'));
}

iris_value number_in(std::string_view data) noexcept {
  const auto text = trim_number(data);
  if (const auto integer = parse<std::int64_t>(text))
    return *integer;
  if (is_float_syntax(text)) {
    if (const auto number = parse<double>(text))
      return *number;
  }
  if (text == "true" || text == "false")
    return text == "true";
  return data;
}

// -- encoding ----

/// A value as it is on the wire. `data` may refer to `digits`, so the object stays where it is.
struct encoded_value {
  iris_type type = iris_type::text;
  byte_view data{};
  std::array<char, 32> digits; // only what `data` refers to is initialised

  explicit encoded_value(const iris_value& value) noexcept {
    std::visit([this](const auto& each) { set(each); }, value);
  }
  encoded_value(const encoded_value&) = delete;
  encoded_value& operator=(const encoded_value&) = delete;

private:
  void set(std::monostate /*nothing*/) noexcept {}
  void set(std::string_view text) noexcept { set(iris_type::text, text); }
  void set(bool value) noexcept { set(iris_type::boolean, value ? "true" : "false"); }
  void set(iris_json value) noexcept { set(iris_type::json, value.text); }
  void set(std::int64_t value) noexcept { set_digits(iris_type::integer, value); }
  void set(double value) noexcept {
    if (std::isfinite(value))
      set_digits(iris_type::json, value);
    else
      set(iris_type::json, "null");
  }
  void set(iris_bytes value) noexcept {
    type = iris_type::bytes;
    data = value.bytes;
  }
  void set(iris_type the_type, std::string_view text) noexcept {
    type = the_type;
    data = as_bytes(text);
  }
  template <class Number>
  void set_digits(iris_type the_type, Number value) noexcept {
    auto* const begin = digits.data();
    const auto written = std::to_chars(begin, begin + digits.size(), value);
    set(the_type, {begin, static_cast<std::size_t>(written.ptr - begin)});
  }
};

constexpr std::size_t fixed_size = 3; // the digit and two semicolons

std::size_t content_size(std::string_view prefix, std::string_view event,
                         const encoded_value& value) noexcept {
  return prefix.size() + event.size() + fixed_size + value.data.size();
}

void put_content(content_writer& to, std::string_view prefix, std::string_view event,
                 const encoded_value& value) noexcept {
  const auto digit = static_cast<char>('0' + static_cast<int>(value.type));
  to.put(prefix).put(event).put(';').put(digit).put(';').put(value.data);
}

} // namespace

bool operator==(const iris_message& a, const iris_message& b) noexcept {
  return a.is_native == b.is_native && a.event == b.event && a.type == b.type
         && as_text(a.data) == as_text(b.data);
}

// -- decoding ----

result<iris_message, refusal> decode_iris(std::string_view prefix, byte_view bytes) noexcept {
  const auto text = as_text(bytes);
  if (!text.starts_with(prefix))
    return iris_message{.is_native = true, .data = bytes};
  const auto end = text.find(';', prefix.size());
  if (end == std::string_view::npos)
    return refuse(bytes.size(), "no semicolon follows the event's name");
  const auto event = text.substr(prefix.size(), end - prefix.size());
  if (!is_valid_utf8(as_bytes(event)))
    return refuse(prefix.size(), "the event's name is not UTF-8");
  const auto tail = text.substr(end + 1);
  if (tail.empty() || tail[0] < '0' || tail[0] > '4')
    return refuse(end + 1, "the type is not a digit from 0 to 4");
  if (tail.size() < 2 || tail[1] != ';')
    return refuse(end + 2, "no semicolon follows the type");
  return iris_message{.event = event,
                      .type = static_cast<iris_type>(tail[0] - '0'),
                      .data = bytes.subspan(end + fixed_size)};
}

iris_value value_of(const iris_message& message) noexcept {
  const auto text = as_text(message.data);
  switch (message.type) {
  case iris_type::integer:
    return text.empty() ? iris_value{} : number_in(text);
  case iris_type::boolean:
    return text == "true";
  case iris_type::bytes:
    return iris_bytes{message.data};
  case iris_type::json:
    return text.empty() ? iris_value{} : iris_json{text};
  case iris_type::text:
    break;
  }
  return text;
}

// -- encoding ----

bool is_valid_iris_prefix(std::string_view prefix) noexcept {
  const auto is_plain = [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\'' && c != '\\' && c != '`';
  };
  return !prefix.empty() && std::all_of(prefix.begin(), prefix.end(), is_plain)
         && is_valid_utf8(as_bytes(prefix));
}

std::vector<std::byte> to_iris_bytes(std::string_view prefix, std::string_view event,
                                     const iris_value& value) {
  const encoded_value encoded{value};
  return make_content(content_size(prefix, event, encoded),
                      [&](content_writer& to) { put_content(to, prefix, event, encoded); });
}

frame_ptr encode_iris(std::string_view prefix, std::string_view event, const iris_value& value,
                      opcode type) {
  if (!is_valid_iris_event(event))
    return {};
  const encoded_value encoded{value};
  return make_content_frame(type_for(type, {as_bytes(event), encoded.data}),
                            content_size(prefix, event, encoded),
                            [&](content_writer& to) { put_content(to, prefix, event, encoded); });
}

frame_ptr encode_iris_native(byte_view content, opcode type) {
  return make_frame(type_for(type, {content}), content);
}

} // namespace troupe::protocol
