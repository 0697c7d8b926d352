#pragma once
#include "troupe/bytes.hpp"
#include "troupe/game/state_describe.hpp"
#include "troupe/refusal.hpp"
#include "troupe/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace troupe::game {

/// The type of one member, as it travels.
struct schema_type {
  field_kind kind = field_kind::boolean;
  std::uint8_t width = 0;                ///< natural, integer, real, angle: bits
  std::int64_t low = 0;                  ///< ranged, whole
  std::int64_t high = 0;                 ///< ranged, whole
  std::int64_t steps = 1;                ///< ranged: per unit
  std::vector<std::string> choices = {}; ///< choice: names in the order of their codes
  std::uint32_t record = 0;              ///< record, map: index into `state_schema::records`
  std::vector<schema_type> element = {}; ///< list: exactly one

  friend bool operator==(const schema_type&, const schema_type&) = default;
};

struct schema_field {
  std::string name;
  schema_type type;

  friend bool operator==(const schema_field&, const schema_field&) = default;
};

struct schema_record {
  std::string name;
  std::vector<schema_field> fields;

  friend bool operator==(const schema_record&, const schema_record&) = default;
};

/// What a state consists of, for somebody who does not have its C++ type. The first record is the
/// state itself.
///
/// A server sends it in binary when a player joins, so that clients without the type can read
/// patches, and clients with it can tell that theirs is another (`schema_difference`).
///
/// Threading:  as a value. Ownership: owns everything.
struct state_schema {
  std::vector<schema_record> records;

  friend bool operator==(const state_schema&, const state_schema&) = default;
};

/// The schema that a table of functions describes.
state_schema make_schema(const record_access& root);

/// The schema of a described structure.
template <class State>
state_schema schema_of() {
  return make_schema(record_of<State>());
}

/// The bytes of docs/state-format.md.
std::vector<std::byte> encode_schema(const state_schema& schema);

/// Reads them back. Total on any input.
result<state_schema, refusal> decode_schema(byte_view bytes);

/// 64 bits that stand for a schema, made from its bytes: equal on every machine. Two schemas with
/// the same fingerprint are taken for equal; it is no protection against forgers.
std::uint64_t schema_fingerprint(byte_view encoded) noexcept;

/// One sentence that names the first member in which the two differ, or nothing when they are
/// equal: "ships.heading is an angle of 8 bits here and a real of 32 bits there".
std::string schema_difference(const state_schema& here, const state_schema& there);

/// Interfaces for TypeScript, as the JavaScript mirror shows the state; the root's comes last.
std::string to_typescript(const state_schema& schema);

} // namespace troupe::game
