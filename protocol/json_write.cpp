#include "troupe/json.hpp"
#include "troupe/value_reader.hpp"

#include "protocol/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

namespace troupe {

namespace {

constexpr std::string_view hex_digits{"0123456789abcdef"};

/// Writes values as JSON. @pre the bytes have passed `check_msgpack`, which bounds the recursion.
class json_writer {
public:
  explicit json_writer(byte_view bytes) : in_{bytes}, size_{bytes.size()} {
    text_.reserve(bytes.size() + bytes.size() / 4);
  }

  bool value();

  std::string take() { return std::move(text_); }
  refusal refused() const noexcept { return *refused_; }

private:
  bool array(std::size_t count);
  bool map(std::size_t count);
  bool key();
  bool floating();
  void integer(const troupe::value& from);
  template <class Number>
  void number(Number from);
  void string(std::string_view from);
  void characters(byte_view from);
  void escape(unsigned character);
  void base64(byte_view from);

  bool add(std::string_view text) {
    text_.append(text);
    return true;
  }
  bool refuse(std::string_view reason) {
    refused_ = {errc::bad_arguments, size_ - in_.rest().size(), reason};
    return false;
  }

  value_reader in_;
  const std::size_t size_;
  std::string text_;
  std::optional<refusal> refused_;
};

bool json_writer::value() {
  const auto found = in_.peek();
  if (found.kind == value_kind::extension)
    return refuse("JSON has no form for msgpack's extension types");
  if (found.kind == value_kind::floating)
    return floating();
  in_.next();
  switch (found.kind) {
  case value_kind::boolean:
    return add(found.truth ? "true" : "false");
  case value_kind::integer:
    integer(found);
    return true;
  case value_kind::text:
    string(as_text(found.bytes));
    return true;
  case value_kind::binary:
    base64(found.bytes);
    return true;
  case value_kind::array:
    return array(found.count);
  case value_kind::map:
    return map(found.count);
  default:
    return add("null");
  }
}

bool json_writer::array(std::size_t count) {
  add("[");
  for (std::size_t i = 0; i < count; ++i) {
    add(i == 0 ? "" : ",");
    if (!value())
      return false;
  }
  return add("]");
}

bool json_writer::map(std::size_t count) {
  add("{");
  for (std::size_t i = 0; i < count; ++i) {
    add(i == 0 ? "" : ",");
    if (!key() || !add(":") || !value())
      return false;
  }
  return add("}");
}

bool json_writer::key() {
  const auto found = in_.peek();
  if (found.kind != value_kind::text && found.kind != value_kind::integer)
    return refuse("keys of JSON objects are texts, or integers as their digits");
  in_.next();
  if (found.kind == value_kind::text) {
    string(as_text(found.bytes));
    return true;
  }
  add("\"");
  integer(found);
  return add("\"");
}

// -- numbers ----

template <class Number>
void json_writer::number(Number from) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, from).ptr;
  text_.append(digits, end);
}

void json_writer::integer(const troupe::value& from) {
  if (from.negative)
    number(static_cast<std::int64_t>(from.integer));
  else
    number(from.integer);
}

/// The shortest digits that are read as `from` again, in JavaScript's choice of notation.
template <class Float>
void append_float(std::string& to, Float from) {
  const auto size = std::abs(static_cast<double>(from));
  if (size == 0) {
    to += '0'; // of either sign
    return;
  }
  const auto is_plain = size >= 1e-6 && size < 1e21;
  char digits[48];
  const auto format = is_plain ? std::chars_format::fixed : std::chars_format::scientific;
  to.append(digits, std::to_chars(digits, digits + sizeof digits, from, format).ptr);
}

bool json_writer::floating() {
  const bool is_single = in_.rest().front() == std::byte{0xCA};
  const auto found = in_.next().floating;
  if (!std::isfinite(found))
    return add("null");
  if (is_single)
    append_float(text_, static_cast<float>(found));
  else
    append_float(text_, found);
  return true;
}

// -- texts ----

void json_writer::string(std::string_view from) {
  text_ += '"';
  characters(as_bytes(from));
  text_ += '"';
}

/// How many bytes at the front are one character; 0: they are not UTF-8.
std::size_t character_size(byte_view from) noexcept {
  const auto lead = std::to_integer<unsigned>(from.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return size <= from.size() && protocol::is_valid_utf8(from.first(size)) ? size : 0;
}

/// Whether JSON shows the character as it is.
bool is_plain(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

void json_writer::characters(byte_view from) {
  const bool is_utf8 = protocol::is_valid_utf8(from);
  while (!from.empty()) {
    const auto rest = as_text(from);
    const auto ascii = rest.substr(0, is_utf8 ? rest.size() : protocol::ascii_prefix(from));
    const auto plain = std::find_if_not(ascii.begin(), ascii.end(), is_plain) - ascii.begin();
    auto size = static_cast<std::size_t>(plain);
    text_.append(rest.substr(0, size));
    if (size < ascii.size()) {
      escape(static_cast<unsigned char>(rest[size]));
      ++size;
    } else if (size < rest.size()) {
      const auto character = character_size(from.subspan(size));
      text_.append(character == 0 ? "\xEF\xBF\xBD" : rest.substr(size, character));
      size += std::max<std::size_t>(character, 1);
    }
    from = from.subspan(size);
  }
}

void json_writer::escape(unsigned character) {
  constexpr std::string_view special{"\"\\\b\f\n\r\t"};
  constexpr std::string_view letters{"\"\\bfnrt"};
  text_ += '\\';
  if (const auto at = special.find(static_cast<char>(character)); at != special.npos)
    text_ += letters[at];
  else
    text_.append("u00").append({hex_digits[character >> 4], hex_digits[character & 0xF]});
}

void json_writer::base64(byte_view from) {
  constexpr std::string_view digits{
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
  text_ += '"';
  for (; !from.empty(); from = from.subspan(std::min<std::size_t>(from.size(), 3))) {
    std::size_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < from.size() ? std::to_integer<std::size_t>(from[i]) : 0);
    for (std::size_t i = 0; i < 4; ++i)
      text_ += i <= from.size() ? digits[group >> (18 - 6 * i) & 0x3F] : '=';
  }
  text_ += '"';
}

} // namespace

result<std::string, refusal> msgpack_to_json(byte_view value, payload_limits limits) {
  if (const auto refused = check_msgpack(value, limits))
    return *refused;
  json_writer writer{value};
  if (!writer.value())
    return writer.refused();
  return writer.take();
}

} // namespace troupe
