#include "tools/connect_text.hpp"

#include "troupe/value_reader.hpp"

#include "protocol/native.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace troupe::connect {
namespace {

namespace json = boost::json;
using kind = typed_line::kind;
using words = std::vector<json::value>;

constexpr std::string_view blanks{" \t\r"};

void skip_blanks(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
}

std::string_view take_word(std::string_view& text) noexcept {
  const auto word = text.substr(0, text.find_first_of(blanks));
  text.remove_prefix(word.size());
  skip_blanks(text);
  return word;
}

/// Whether no blank separates the first `taken` characters from the rest; the parser may have taken
/// the blank already.
bool is_glued(std::string_view text, std::size_t taken) noexcept {
  return taken < text.size() && blanks.find(text[taken]) == std::string_view::npos
         && blanks.find(text[taken - 1]) == std::string_view::npos;
}

/// A value in brackets or quotes from the front of `text`; blanks may stand inside.
std::optional<json::value> take_quoted(std::string_view& text) {
  json::stream_parser parser;
  json::error_code ec;
  const auto taken = parser.write_some(text.data(), text.size(), ec);
  if (ec || !parser.done() || is_glued(text, taken))
    return std::nullopt;
  text.remove_prefix(taken);
  skip_blanks(text);
  return parser.release();
}

/// A number, true, false or null; otherwise the word itself.
json::value to_value(std::string_view word) {
  json::error_code ec;
  auto value = json::parse({word.data(), word.size()}, ec);
  return ec ? json::value(json::string_view{word.data(), word.size()}) : value;
}

result<words, std::string> take_arguments(std::string_view text) {
  words values;
  while (!text.empty()) {
    if (std::string_view{"\"[{"}.find(text.front()) == std::string_view::npos) {
      values.push_back(to_value(take_word(text)));
    } else if (auto value = take_quoted(text)) {
      values.push_back(*std::move(value));
    } else {
      return "Argument " + std::to_string(values.size() + 1) + " is not JSON: " + std::string{text};
    }
  }
  return values;
}

// -- JSON to msgpack ------------------------------------------------------------

void pack(payload_packer& to, const json::value& from);

void pack_text(payload_packer& to, std::string_view text) {
  to.pack(text);
}

void pack_array(payload_packer& to, const json::array& from) {
  to.pack_array(static_cast<std::uint32_t>(from.size()));
  for (const auto& element : from)
    pack(to, element);
}

void pack_object(payload_packer& to, const json::object& from) {
  to.pack_map(static_cast<std::uint32_t>(from.size()));
  for (const auto& [key, value] : from) {
    pack_text(to, {key.data(), key.size()});
    pack(to, value);
  }
}

void pack(payload_packer& to, const json::value& from) {
  switch (from.kind()) {
  case json::kind::null:
    to.pack_nil();
    return;
  case json::kind::bool_:
    to.pack(from.get_bool());
    return;
  case json::kind::int64:
    to.pack(from.get_int64());
    return;
  case json::kind::uint64:
    to.pack(from.get_uint64());
    return;
  case json::kind::double_:
    to.pack(from.get_double());
    return;
  case json::kind::string:
    return pack_text(to, {from.get_string().data(), from.get_string().size()});
  case json::kind::array:
    return pack_array(to, from.get_array());
  case json::kind::object:
    return pack_object(to, from.get_object());
  }
}

payload to_payload(const words& values) {
  if (values.empty())
    return {};
  payload_sink sink;
  payload_packer packer{sink};
  packer.pack_array(static_cast<std::uint32_t>(values.size()));
  for (const auto& value : values)
    pack(packer, value);
  return {sink.take(), content_kind::arguments};
}

// -- msgpack to JSON ------------------------------------------------------------

std::string quoted(std::string_view text) {
  return json::serialize(json::string_view{text.data(), text.size()});
}

std::string show_bytes(std::string_view what, byte_view bytes) {
  constexpr std::size_t shown = 32;
  constexpr std::string_view digits{"0123456789abcdef"};
  std::string text = "<" + std::to_string(bytes.size()) + " " + std::string{what};
  for (std::size_t i = 0; i < std::min(bytes.size(), shown); ++i) {
    const auto value = std::to_integer<std::size_t>(bytes[i]);
    text.append(i == 0 ? " " : "").append(1, digits[value / 16]).append(1, digits[value % 16]);
  }
  return text.append(bytes.size() > shown ? "...>" : ">");
}

std::string show_value(value_reader& from);

std::string show_container(value_reader& from, const value& head) {
  const bool is_map = head.kind == value_kind::map;
  std::string text{is_map ? "{" : "["};
  for (std::size_t i = 0; i < head.count; ++i) {
    text.append(i == 0 ? "" : ", ").append(show_value(from));
    if (is_map)
      text.append(": ").append(show_value(from));
  }
  return text.append(is_map ? "}" : "]");
}

std::string show_integer(const value& from) {
  return from.negative ? std::to_string(static_cast<std::int64_t>(from.integer))
                       : std::to_string(from.integer);
}

/// @pre the bytes have passed `check_payload`, so that depth and counts are bounded.
std::string show_value(value_reader& from) {
  const auto head = from.next();
  switch (head.kind) {
  case value_kind::nothing:
  case value_kind::nil:
    return "null";
  case value_kind::boolean:
    return head.truth ? "true" : "false";
  case value_kind::integer:
    return show_integer(head);
  case value_kind::floating:
    return json::serialize(json::value(head.floating));
  case value_kind::text:
    return printable(quoted(as_text(head.bytes)));
  case value_kind::binary:
    return show_bytes("bytes", head.bytes);
  case value_kind::extension:
    return show_bytes("bytes of an extension", head.bytes);
  case value_kind::array:
  case value_kind::map:
    return show_container(from, head);
  }
  return {};
}

// -- lines ----------------------------------------------------------------------

struct command {
  std::string_view name;
  kind what;
  bool has_room;
  bool has_event;
  bool has_arguments;
};

constexpr std::array commands{
    command{"/ask", kind::ask, false, true, true},
    command{"/join", kind::join, true, false, true},
    command{"/leave", kind::leave, true, false, false},
    command{"/to", kind::to_room, true, true, true},
    command{"/rooms", kind::rooms, false, false, false},
    command{"/help", kind::help, false, false, false},
    command{"/quit", kind::quit, false, false, false},
};

constexpr command plain_event{"", kind::event, false, true, true};

bool take_name(std::string_view& text, std::string& name) {
  name = take_word(text);
  return protocol::is_valid_name(name);
}

result<typed_line, std::string> parse_command(const command& form, std::string_view rest) {
  typed_line line;
  line.what = form.what;
  if (form.has_room && !take_name(rest, line.room))
    return "\"" + line.room + "\" is no name of a room.";
  if (form.has_event && !take_name(rest, line.event))
    return "\"" + line.event + "\" is no name of an event.";
  if (!form.has_arguments && !rest.empty())
    return std::string{form.name} + " does not take \"" + std::string{rest} + "\".";
  const auto values = take_arguments(rest);
  if (!values)
    return values.error();
  line.arguments = to_payload(*values);
  return line;
}

} // namespace

result<typed_line, std::string> parse_line(std::string_view line) {
  skip_blanks(line);
  if (line.empty())
    return typed_line{};
  if (line.front() != '/')
    return parse_command(plain_event, line);
  const auto name = take_word(line);
  const auto at = std::ranges::find(commands, name, &command::name);
  if (at == commands.end())
    return std::string{name} + " is unknown; /help lists what there is.";
  return parse_command(*at, line);
}

std::string show_arguments(payload_view content) {
  if (content.kind == content_kind::text)
    return printable(quoted(as_text(content.bytes)));
  if (content.kind == content_kind::raw)
    return show_bytes("raw bytes", content.bytes);
  value_reader from{content.bytes};
  const auto count = content.bytes.empty() ? 0 : from.next().count;
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text.append(i == 0 ? "" : " ").append(show_value(from));
  return text;
}

std::string printable(std::string_view text) {
  std::string result{text};
  std::ranges::replace_if(
      result, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  return result;
}

std::string_view help_text() noexcept {
  return "event args...            sends an event to the server\n"
         "/ask event args...       sends it and shows the answer\n"
         "/join room args...       becomes a member of a room\n"
         "/to room event args...   sends an event to a room you are in\n"
         "/leave room              leaves it\n"
         "/rooms                   shows your rooms and who is in them\n"
         "/quit                    closes the connection\n"
         "Arguments are JSON values; a word that is none is taken as a text.";
}

} // namespace troupe::connect
