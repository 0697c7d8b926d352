#pragma once
#include "troupe/game/state_access.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <span>
#include <vector>

namespace troupe::game {

/// The last numbers of entities, to show them as they were a little ago: between two samples they
/// move evenly, so that they move smoothly although samples come in steps.
///
/// An entity is not shown before its first sample, and stays where it is after its last one. One
/// that was silent for longer than `delay` stood still until `delay` before its next sample.
/// web/client/motion.js does the same; tests/golden/motion.json holds both to it.
///
/// Threading:  one object, one thread. Time is an argument: ticks, with fractions.
/// Errors:     none.
class motion_buffer {
public:
  /// @param periods  one per number: the size at which it starts over, and 0 if it does not
  /// @param delay    how far in the past entities are shown, in ticks
  motion_buffer(std::vector<double> periods, double delay);

  /// @pre as many values as there are periods; time goes on
  void add(entity_id id, double tick, std::span<const double> values);
  void forget(entity_id id) { entities_.erase(id); }
  /// What is shown when the room is in tick `now`: `delay` ago. False if the entity was not known
  /// then.
  bool show(entity_id id, double now, std::span<double> values) const;

private:
  struct sample {
    double tick = 0;
    std::vector<double> values;
  };

  std::vector<double> periods_;
  double delay_;
  std::map<entity_id, std::deque<sample>> entities_;
};

} // namespace troupe::game
