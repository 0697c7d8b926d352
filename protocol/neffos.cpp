#include "protocol/neffos.hpp"

#include "protocol/neffos_escape.hpp"

#include <array>

namespace troupe::protocol {

namespace {

constexpr std::size_t head_fields = 6;
constexpr std::string_view default_error = "error";
constexpr std::string_view empty_fields = ";;;;;;";

// -- decoding ----

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

// -- encoding ----

byte_view body_of(const neffos_view& message) noexcept {
  return message.is_error && message.body.empty() ? as_bytes(default_error) : message.body;
}

std::string_view token_of(const neffos_view& message) noexcept {
  return message.wait.empty() ? message.exclude : message.wait;
}

/// A bare body cannot carry the token that somebody waits for.
bool is_bare(const neffos_view& message) noexcept {
  return message.is_native && message.wait.empty();
}

std::size_t content_size(const neffos_view& message) noexcept {
  if (is_bare(message))
    return message.body.size();
  constexpr std::size_t flags = 2;
  return token_of(message).size() + escaped_size(message.space) + escaped_size(message.room)
         + escaped_size(message.event) + flags + head_fields + body_of(message).size();
}

void put_content(content_writer& to, const neffos_view& message) noexcept {
  if (is_bare(message)) {
    to.put(message.body);
    return;
  }
  to.put(token_of(message)).put(';');
  for (const auto name : {message.space, message.room, message.event}) {
    put_escaped(to, name);
    to.put(';');
  }
  to.put(message.is_error ? '1' : '0').put(';').put(message.is_noop ? '1' : '0').put(';');
  to.put(body_of(message));
}

frame_ptr make_text_frame(std::string_view first, std::string_view second) {
  return make_content_frame(opcode::text, first.size() + second.size(),
                            [&](content_writer& to) { to.put(first).put(second); });
}

} // namespace

bool operator==(const neffos_view& a, const neffos_view& b) noexcept {
  return a.wait == b.wait && a.exclude == b.exclude && a.space == b.space && a.room == b.room
         && a.event == b.event && as_text(a.body) == as_text(b.body) && a.type == b.type
         && a.is_error == b.is_error && a.is_noop == b.is_noop && a.is_native == b.is_native
         && a.from_exchange == b.from_exchange;
}

// -- decoding ----

result<neffos_view, refusal> decode_neffos(opcode type, byte_view bytes, std::string& unescaped,
                                           neffos_reading how) {
  if (bytes.empty())
    return refuse(0, "the message is empty");
  if (how.natives == neffos_natives::only)
    return native_message(type, bytes);
  const head from{as_text(bytes)};
  if (from.found != head_fields) {
    if (how.natives == neffos_natives::mixed)
      return native_message(type, bytes);
    return refuse(bytes.size(), "a message has seven fields, separated by six semicolons");
  }
  if (type == opcode::binary && !is_valid_utf8(bytes.first(from.size)))
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

// -- encoding ----

opcode type_on_wire(const neffos_view& message) noexcept {
  if (is_bare(message))
    return type_for(message.type, {message.body});
  return type_for(message.type, {as_bytes(token_of(message)), as_bytes(message.space),
                                 as_bytes(message.room), as_bytes(message.event), message.body});
}

std::vector<std::byte> to_bytes(const neffos_view& message) {
  return make_content(content_size(message), [&](content_writer& to) { put_content(to, message); });
}

frame_ptr encode_neffos(const neffos_view& message) {
  return make_content_frame(type_on_wire(message), content_size(message),
                            [&](content_writer& to) { put_content(to, message); });
}

neffos_view make_reply(const neffos_view& request, byte_view body) noexcept {
  auto reply = request;
  reply.body = body;
  reply.is_error = false;
  return reply;
}

neffos_view make_error_reply(const neffos_view& request, std::string_view text) noexcept {
  auto reply = make_reply(request, as_bytes(text));
  reply.is_error = true;
  reply.type = opcode::text;
  return reply;
}

frame_ptr encode_empty_reply(std::string_view wait) {
  return make_text_frame(wait, empty_fields);
}

// -- opening of a connection ----

frame_ptr encode_ack(std::string_view id) {
  return make_text_frame("A", id);
}

frame_ptr encode_ack_refusal(std::string_view text) {
  return make_text_frame("H", text);
}

result<neffos_ack, refusal> decode_ack(byte_view bytes) noexcept {
  const auto text = as_text(bytes);
  if (text.starts_with('A') || text.starts_with('H'))
    return neffos_ack{.is_accepted = text.front() == 'A', .text = text.substr(1)};
  return refuse(0, "a server's first message begins with A or H");
}

} // namespace troupe::protocol
