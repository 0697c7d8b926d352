#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What a described structure is made of, without its type: tables of functions, so that schema,
// change tracking and patches are compiled once and not per structure. `state_describe.hpp` makes
// the tables.

namespace troupe::game {

/// What a member of a state is. The numbers travel in the schema (docs/state-format.md).
enum class field_kind : std::uint8_t {
  boolean = 1,
  natural = 2, ///< unsigned integer of 8, 16, 32 or 64 bits
  integer = 3, ///< signed integer of 8, 16, 32 or 64 bits
  real = 4,    ///< IEEE 754, 32 or 64 bits
  ranged = 5,  ///< number with a step between two bounds
  whole = 6,   ///< integer between two bounds
  angle = 7,   ///< part of a turn
  choice = 8,  ///< one of several names
  text = 9,    ///< UTF-8
  record = 10, ///< a structure within another: its members count as the outer one's
  list = 11,
  map = 12, ///< records by id
};

/// Ids of entities in a map are integers that JavaScript holds exactly.
using entity_id = std::uint64_t;
inline constexpr entity_id max_entity_id = (entity_id{1} << 53) - 1;

struct record_access;
struct value_access;

/// Reads and writes a number as its code: the bits it has on the wire.
struct number_access {
  std::uint64_t (*read)(const void* value) = nullptr;
  void (*write)(void* value, std::uint64_t code) = nullptr;
};

struct text_access {
  std::string_view (*read)(const void* value) = nullptr;
  void (*write)(void* value, std::string_view text) = nullptr;
};

struct list_access {
  std::size_t (*size)(const void* list) = nullptr;
  const void* (*at)(const void* list, std::size_t index) = nullptr;
  void (*resize)(void* list, std::size_t size) = nullptr;
  const value_access& (*element)() = nullptr;
};

/// Entities in ascending order of their ids.
struct map_access {
  using visitor = void (*)(void* context, entity_id id, const void* entity);
  std::size_t (*size)(const void* map) = nullptr;
  void (*visit)(const void* map, void* context, visitor visit) = nullptr;
  const void* (*find)(const void* map, entity_id id) = nullptr;
  void* (*insert)(void* map, entity_id id) = nullptr; ///< finds it or adds a fresh one
  void (*erase)(void* map, entity_id id) = nullptr;
  entity_id greatest = 0; ///< the greatest id the key's type can hold
};

/// One type of value: what it is on the wire, and how to reach it in memory. Of the four tables
/// only that of its kind is filled.
struct value_access {
  field_kind kind = field_kind::boolean;
  std::uint8_t width = 0;           ///< natural, integer, real, angle: bits of the type
  std::uint8_t bits = 0;            ///< bits of a number on the wire; 0: a varint
  std::uint8_t near_bits = 0;       ///< bits of a small difference on the wire; 0: has none
  std::uint64_t top = 0;            ///< greatest code of a number
  std::int64_t low = 0;             ///< ranged, whole
  std::int64_t high = 0;            ///< ranged, whole
  std::int64_t steps = 1;           ///< ranged
  std::vector<std::string> choices; ///< choice: the names, in the order of their codes
  number_access number;
  text_access text;
  list_access list;
  map_access map;
  const record_access& (*record)() = nullptr; ///< record, map: what it consists of

  bool is_number() const noexcept { return kind <= field_kind::choice; }
};

/// A member of a record, as declared.
struct field_access {
  std::string name;
  const value_access* value = nullptr;
  const void* (*locate)(const void* record) = nullptr;
};

/// A member that is no record, however deep in nested records.
struct leaf_access {
  std::string path; ///< names joined by dots
  const value_access* value = nullptr;
  const void* (*locate)(const void* record) = nullptr;
};

/// A structure: its members as declared, and its leaves as they travel: numbers first, then texts,
/// lists and maps, each in the order of declaration.
struct record_access {
  std::string name;
  std::vector<field_access> fields;
  std::vector<leaf_access> leaves;
  std::size_t numbers = 0; ///< how many of the leaves are numbers
};

} // namespace troupe::game
