#pragma once
#include "troupe/game/spatial_grid.hpp"
#include "troupe/game/state_access.hpp"
#include "troupe/game/state_patch.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

// The last published copy of a state, as codes, with the tick at which each value changed last.
// What changed since a tick is found by comparing these ticks; nobody marks anything.

namespace troupe::game {

struct published_map;
struct published_record;
struct published_value;

struct published_list {
  std::vector<published_value> elements;
};

/// A leaf of a record, or an element of a list.
struct published_value {
  tick_number changed = 0;
  tick_number before = 0; ///< the last change but one, of a number
  std::uint64_t was = 0;  ///< the number's code in between
  std::variant<std::uint64_t, std::string, published_list, std::unique_ptr<published_map>,
               std::unique_ptr<published_record>>
      content;
};

struct published_record {
  tick_number born = 0;    ///< everything is news to who knows an older state
  tick_number changed = 0; ///< the last change of any leaf
  tick_number before = 0;  ///< the last but one
  std::vector<published_value> leaves;
};

struct published_entity {
  entity_id id = 0;
  map_point where; ///< on the plane, in maps whose entities are placed
  published_record record;
};

struct gone_entity {
  entity_id id = 0;
  tick_number when = 0;
};

struct published_map {
  std::vector<std::unique_ptr<published_entity>> entities; ///< by ascending id
  std::vector<gone_entity> gone;                           ///< by ascending tick
};

/// How a publication goes on. What is forgotten only grows.
struct publication {
  tick_number now = 0;
  std::size_t max_gone = 0;           ///< how many removals each map remembers
  unsigned depth = 0;                 ///< records around the present value, the root included
  tick_number forgotten_entities = 0; ///< removals from the root's maps may be missing up to here
  tick_number forgotten = 0;          ///< and those from maps within entities and lists
};

/// Takes over what differs from `object`, stamped with the publication's tick.
/// @returns whether anything did.
bool publish_record(published_record& to, const record_access& access, const void* object,
                    publication& how);

} // namespace troupe::game
