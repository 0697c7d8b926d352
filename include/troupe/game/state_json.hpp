#pragma once
#include "troupe/game/state_describe.hpp"

#include <string>

namespace troupe::game {

/// A record as JSON; `to_json` below is the same for a type.
std::string record_to_json(const record_access& access, const void* record);

/// A state as JSON, for people and tests: as clients see it, so with numbers rounded as they
/// travel. Maps are objects by id, choices are their names; integers beyond 2^53 are texts, and
/// numbers that are not finite are null.
template <class State>
std::string to_json(const State& state) {
  return record_to_json(record_of<State>(), &state);
}

} // namespace troupe::game
