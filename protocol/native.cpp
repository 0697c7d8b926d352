#include "protocol/native.hpp"

#include "protocol/native_reader.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <array>

namespace troupe::protocol {

namespace {

constexpr std::array<bool, 256> make_name_characters() {
  std::array<bool, 256> allowed{};
  for (const char c : std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "abcdefghijklmnopqrstuvwxyz0123456789_.:/-"})
    allowed[static_cast<unsigned char>(c)] = true;
  return allowed;
}

constexpr auto name_characters = make_name_characters();

/// Who may send an operation, and which bits of its first byte have a meaning.
struct operation_rules {
  bool from_client = false;
  bool from_server = false;
  bool may_be_raw = false;
  bool has_class = false;
};

constexpr std::array<operation_rules, 32> rules_of = {{
    {false, true, false, false}, // hello
    {true, true, true, true},    // event
    {true, true, true, false},   // ask
    {true, true, true, false},   // reply
    {true, true, false, false},  // error
    {true, false, false, false}, // join
    {true, false, false, false}, // leave
    {false, true, false, false}, // joined
    {false, true, false, false}, // left
    {true, false, true, true},   // publish
    {false, true, true, true},   // room_event
    {false, true, false, false}, // presence
    {true, true, false, false},  // clock
    {false, true, false, false}, // restarted
    {true, true, false, false},  // received
}};

constexpr std::uint8_t operation_bits = 0x1F;
constexpr std::uint8_t raw_bit = 0x20;
constexpr int class_shift = 6;

enum class sender_side : std::uint8_t { client, server };

bool read_head(native_reader& in, sender_side side, message& out) noexcept {
  std::uint8_t head = 0;
  if (!in.byte(head))
    return false;
  const auto& rules = rules_of[head & operation_bits];
  if (!(side == sender_side::client ? rules.from_client : rules.from_server))
    return in.refuse(errc::unknown_operation, 0, "the operation is not known in this direction");
  out.op = static_cast<operation>(head & operation_bits);
  out.content = (head & raw_bit) != 0 ? content_kind::raw : content_kind::arguments;
  out.how.cls = static_cast<delivery_class>(head >> class_shift);
  if (out.content == content_kind::raw && !rules.may_be_raw)
    return in.refuse(errc::malformed_message, 0, "this operation cannot be RAW");
  if (head >> class_shift != 0 && !rules.has_class)
    return in.refuse(errc::malformed_message, 0, "this operation has no delivery class");
  if (out.how.cls > delivery_class::droppable)
    return in.refuse(errc::malformed_message, 0, "delivery class 3 does not exist");
  return true;
}

bool read_error(native_reader& in, message& out) noexcept {
  return in.number(out.ask_id) && in.small(out.code, 1, "an error number is 1 to 255")
         && in.text(out.text);
}

/// The operations that both sides send with the same fields.
bool read_common(native_reader& in, message& out) noexcept {
  switch (out.op) {
  case operation::ask:
    return in.id(out.ask_id) && in.name(out.name) && in.payload(out);
  case operation::reply:
    return in.id(out.ask_id) && in.payload(out);
  case operation::received:
    return in.number(out.count) && in.end();
  default:
    return read_error(in, out);
  }
}

bool read_client_fields(native_reader& in, message& out) noexcept {
  switch (out.op) {
  case operation::publish:
    return in.marks(out.how) && in.room(out.room) && in.name(out.name) && in.payload(out);
  case operation::event:
    return in.marks(out.how) && in.name(out.name) && in.payload(out);
  case operation::join:
    return in.id(out.ask_id) && in.room_name(out.text) && in.payload(out);
  case operation::leave:
    return in.id(out.ask_id) && in.room(out.room) && in.end();
  case operation::clock:
    return in.number(out.client_time) && in.end();
  default:
    return read_common(in, out);
  }
}

bool read_hello(native_reader& in, message& out) noexcept {
  return in.number(out.version)
         && in.number(out.connection, 1, native_reader::unlimited, "connection ids start at 1")
         && in.number(out.server_time) && in.payload(out);
}

bool read_joined(native_reader& in, message& out) noexcept {
  return in.number(out.ask_id) && in.room(out.room) && in.room_name(out.text)
         && in.number(out.members) && in.payload(out);
}

bool read_left(native_reader& in, message& out) noexcept {
  return in.number(out.ask_id) && in.room(out.room)
         && in.small(out.reason, 0, "a reason is at most 255") && in.end();
}

bool read_presence(native_reader& in, message& out) noexcept {
  return in.room(out.room) && in.small(out.kind, 1, "the kind of a presence is 1 to 255")
         && in.payload(out);
}

bool read_server_fields(native_reader& in, message& out) noexcept {
  switch (out.op) {
  case operation::room_event:
    return in.room(out.room) && in.number(out.sender) && in.name(out.name) && in.payload(out);
  case operation::event:
    return in.name(out.name) && in.payload(out);
  case operation::hello:
    return read_hello(in, out);
  case operation::joined:
    return read_joined(in, out);
  case operation::left:
    return read_left(in, out);
  case operation::presence:
    return read_presence(in, out);
  case operation::clock:
    return in.number(out.client_time) && in.number(out.server_time) && in.end();
  case operation::restarted:
    return in.room(out.room) && in.number(out.epoch) && in.end();
  default:
    return read_common(in, out);
  }
}

} // namespace

bool is_text_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= max_name_size && is_valid_utf8(as_bytes(name));
}

bool is_valid_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= max_name_size
         && std::all_of(name.begin(), name.end(),
                        [](char c) { return name_characters[static_cast<unsigned char>(c)]; });
}

bool operator==(const message& a, const message& b) noexcept {
  const auto numbers = [](const message& m) {
    return std::array{m.ask_id, m.room,    m.sender,     m.members,     m.epoch,
                      m.count,  m.version, m.connection, m.client_time, m.server_time};
  };
  return a.op == b.op && a.content == b.content && a.how == b.how && a.code == b.code
         && a.reason == b.reason && a.kind == b.kind && a.name == b.name && a.text == b.text
         && numbers(a) == numbers(b) && as_text(a.payload) == as_text(b.payload);
}

result<message, refusal> decode_client(byte_view bytes) noexcept {
  native_reader in{bytes};
  message out;
  if (read_head(in, sender_side::client, out) && read_client_fields(in, out))
    return out;
  return in.refused();
}

result<message, refusal> decode_server(byte_view bytes) noexcept {
  native_reader in{bytes};
  message out;
  if (read_head(in, sender_side::server, out) && read_server_fields(in, out))
    return out;
  return in.refused();
}

} // namespace troupe::protocol
