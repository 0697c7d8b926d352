#include "protocol/neffos.hpp"

#include "protocol/neffos_escape.hpp"

#include <array>

namespace troupe::protocol {

namespace {

constexpr std::size_t head_fields = 6;

refusal refuse(std::size_t offset, std::string_view reason) noexcept {
  return {errc::malformed_message, offset, reason};
}

neffos_view native_message(opcode type, byte_view bytes) noexcept {
  return {.event = to_string(neffos_event::native_message),
          .body = bytes,
          .type = type,
          .is_native = true};
}

/// The fields in front of the body, as they are on the wire.
struct head {
  std::array<std::string_view, head_fields> fields;
  std::size_t size = 0; ///< up to the body
  std::size_t found = 0;

  explicit head(std::string_view text) noexcept {
    for (; found != head_fields; ++found) {
      const auto end = text.find(';', size);
      if (end == std::string_view::npos)
        return;
      fields[found] = text.substr(size, end - size);
      size = end + 1;
    }
  }
};

/// Keeps texts that differ from what is on the wire. They are never longer than the head, so
/// reserving that much once keeps earlier views valid.
class text_store {
public:
  text_store(std::string& memory, std::size_t limit) noexcept : memory_{memory}, limit_{limit} {
    memory_.clear();
  }

  std::string_view name(std::string_view escaped) {
    if (escaped.find(escaped_semicolon) == std::string_view::npos)
      return escaped;
    const auto start = begin();
    append_unescaped(memory_, escaped);
    return std::string_view{memory_}.substr(start);
  }

  std::string_view without_second(std::string_view text) {
    const auto start = begin();
    memory_.append(text.substr(0, 1)).append(text.substr(2));
    return std::string_view{memory_}.substr(start);
  }

private:
  std::size_t begin() {
    memory_.reserve(limit_);
    return memory_.size();
  }

  std::string& memory_;
  std::size_t limit_;
};

/// Servers mark a token by a second character, or name the excluded socket in its place.
void read_exchange_marks(neffos_view& to, text_store& store) {
  if (to.wait.starts_with("neffos(0x")) {
    to.exclude = to.wait;
    to.wait = {};
  } else if (to.wait.size() > 2 && to.wait[1] == '!') {
    to.wait = store.without_second(to.wait);
    to.from_exchange = true;
  }
}

neffos_view read_fields(const head& from, byte_view body, text_store& store) {
  return {.wait = from.fields[0],
          .space = store.name(from.fields[1]),
          .room = store.name(from.fields[2]),
          .event = store.name(from.fields[3]),
          .body = body,
          .is_error = from.fields[4] == "1" && !body.empty(),
          .is_noop = from.fields[5] == "1"};
}

} // namespace

bool operator==(const neffos_view& a, const neffos_view& b) noexcept {
  return a.wait == b.wait && a.exclude == b.exclude && a.space == b.space && a.room == b.room
         && a.event == b.event && as_text(a.body) == as_text(b.body) && a.type == b.type
         && a.is_error == b.is_error && a.is_noop == b.is_noop && a.is_native == b.is_native
         && a.from_exchange == b.from_exchange;
}

result<neffos_view, refusal> decode_neffos(opcode type, byte_view bytes, std::string& unescaped,
                                           neffos_reading how) {
  if (bytes.empty())
    return refuse(0, "the message is empty");
  if (how.natives == neffos_natives::only)
    return native_message(type, bytes);
  const head from{as_text(bytes)};
  const bool is_complete = from.found == head_fields;
  const bool is_text = type == opcode::text || is_valid_utf8(bytes.first(from.size));
  if (how.natives == neffos_natives::mixed && !(is_complete && is_text))
    return native_message(type, bytes);
  if (!is_complete)
    return refuse(bytes.size(), "a message has seven fields, separated by six semicolons");
  if (!is_text)
    return refuse(0, "the fields in front of the body are not UTF-8");
  text_store store{unescaped, from.size};
  auto message = read_fields(from, bytes.subspan(from.size), store);
  message.type = type;
  message.is_native = how.natives == neffos_natives::mixed
                      && message.event == to_string(neffos_event::native_message);
  if (how.origin == neffos_origin::exchange)
    read_exchange_marks(message, store);
  return message;
}

result<neffos_ack, refusal> decode_ack(byte_view bytes) noexcept {
  const auto text = as_text(bytes);
  if (text.starts_with('A') || text.starts_with('H'))
    return neffos_ack{.is_accepted = text.front() == 'A', .text = text.substr(1)};
  return refuse(0, "a server's first message begins with A or H");
}

} // namespace troupe::protocol
