#pragma once
#include "troupe/game/state_mirror.hpp"

#include "tests/support/arena_state.hpp"

#include <string>
#include <vector>

namespace troupe::test {

/// A patch, and what a client that plays the script from the start has after it.
struct script_step {
  std::string name;
  std::vector<std::byte> bytes;
  game::tick_number tick = 0;
  std::string state;   ///< as JSON
  std::string changes; ///< what the mirror reported, as JSON: [["entered", "fighters", 4], ...]
};

/// A short life of a battle in which every kind of field and of change occurs.
std::vector<script_step> play_script();

/// Reports of a mirror as JSON, in the order in which they came.
std::string to_json(const std::vector<game::state_change>& changes);

} // namespace troupe::test
