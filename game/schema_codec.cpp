#include "troupe/game/schema.hpp"

#include "game/patch_bits.hpp"
#include "game/schema_limits.hpp"
#include "protocol/utf8.hpp"

#include <utility>

namespace troupe::game {

namespace {

void append_signed(byte_buffer& to, std::int64_t value) {
  append_varint(to, number_code(value));
}

void append_type(byte_buffer& to, const schema_type& type) {
  to.push_back(static_cast<std::byte>(type.kind));
  switch (type.kind) {
  case field_kind::natural:
  case field_kind::integer:
  case field_kind::real:
  case field_kind::angle:
    to.push_back(static_cast<std::byte>(type.width));
    break;
  case field_kind::ranged:
  case field_kind::whole:
    append_signed(to, type.low);
    append_signed(to, type.high);
    if (type.kind == field_kind::ranged)
      append_varint(to, static_cast<std::uint64_t>(type.steps));
    break;
  case field_kind::choice:
    append_varint(to, type.choices.size());
    for (const auto& choice : type.choices)
      append_text(to, choice);
    break;
  case field_kind::record:
  case field_kind::map:
    append_varint(to, type.record);
    break;
  case field_kind::list:
    append_type(to, type.element.front());
    break;
  case field_kind::boolean:
  case field_kind::text:
    break;
  }
}

/// Reads a schema; the first misfit ends everything.
class schema_reader {
public:
  explicit schema_reader(byte_view bytes) noexcept : from_{bytes} {}

  result<state_schema, refusal> read() {
    if (from_.take(8) != schema_version)
      fail("the schema has a version that is not known here");
    state_schema schema;
    const auto count = take_count(max_schema_records);
    for (std::uint64_t i = 0; i < count && !has_failed(); ++i)
      schema.records.push_back(read_record());
    if (!has_failed() && (schema.records.empty() || from_.bits_left() > 0))
      fail("the schema has no record, or bytes behind its end");
    if (!has_failed())
      reason_ = find_schema_fault(schema);
    if (has_failed())
      return refusal{errc::malformed_message, from_.offset(), reason_};
    return schema;
  }

private:
  bool has_failed() const noexcept { return !reason_.empty(); }
  void fail(std::string_view reason) noexcept {
    if (!has_failed())
      reason_ = reason;
  }

  std::uint64_t take_count(std::uint64_t most) {
    const auto count = from_.take_varint();
    if (!count || *count > most)
      fail("a number in the schema is cut short or too large");
    return has_failed() ? 0 : *count;
  }

  std::int64_t take_signed() {
    return number_from_code<std::int64_t>(take_count(std::uint64_t{1} << 42));
  }

  std::string take_text() {
    const auto text = from_.take_text();
    if (!text || text->size() > max_schema_name || !protocol::is_valid_utf8(as_bytes(*text)))
      fail("a name in the schema is cut short, too long or not UTF-8");
    return has_failed() ? std::string{} : std::string{*text};
  }

  schema_record read_record() {
    schema_record record{take_text(), {}};
    const auto count = take_count(max_record_leaves);
    for (std::uint64_t i = 0; i < count && !has_failed(); ++i) {
      auto name = take_text();
      record.fields.push_back({std::move(name), read_type(0)});
    }
    return record;
  }

  schema_type read_type(unsigned depth) {
    schema_type type;
    const auto kind = from_.take(8).value_or(0);
    if (kind < 1 || kind > static_cast<std::uint64_t>(field_kind::map) || depth > max_list_depth) {
      fail("a member's type is not known here");
      return type;
    }
    type.kind = static_cast<field_kind>(kind);
    read_details(type, depth);
    return type;
  }

  void read_details(schema_type& type, unsigned depth) {
    switch (type.kind) {
    case field_kind::natural:
    case field_kind::integer:
    case field_kind::real:
    case field_kind::angle:
      type.width = static_cast<std::uint8_t>(from_.take(8).value_or(0));
      break;
    case field_kind::ranged:
    case field_kind::whole:
      type.low = take_signed();
      type.high = take_signed();
      if (type.kind == field_kind::ranged)
        type.steps = static_cast<std::int64_t>(take_count(std::uint64_t{1} << 20));
      break;
    case field_kind::choice:
      for (auto count = take_count(max_choices); count > 0 && !has_failed(); --count)
        type.choices.push_back(take_text());
      break;
    case field_kind::record:
    case field_kind::map:
      type.record = static_cast<std::uint32_t>(take_count(max_schema_records));
      break;
    case field_kind::list:
      type.element.push_back(read_type(depth + 1));
      break;
    case field_kind::boolean:
    case field_kind::text:
      break;
    }
  }

  bit_reader from_;
  std::string_view reason_;
};

} // namespace

std::vector<std::byte> encode_schema(const state_schema& schema) {
  byte_buffer to;
  to.push_back(static_cast<std::byte>(schema_version));
  append_varint(to, schema.records.size());
  for (const auto& record : schema.records) {
    append_text(to, record.name);
    append_varint(to, record.fields.size());
    for (const auto& field : record.fields) {
      append_text(to, field.name);
      append_type(to, field.type);
    }
  }
  return to;
}

result<state_schema, refusal> decode_schema(byte_view bytes) {
  return schema_reader{bytes}.read();
}

/// FNV-1a.
std::uint64_t schema_fingerprint(byte_view encoded) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const auto byte : encoded)
    hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001B3;
  return hash;
}

} // namespace troupe::game
