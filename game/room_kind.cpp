#include "troupe/game/room_kind.hpp"

#include <algorithm>
#include <stdexcept>

namespace troupe::game {

namespace {

void check_range(std::string_view what, std::uint32_t value, std::uint32_t least,
                 std::uint32_t most) {
  if (value >= least && value <= most)
    return;
  throw std::invalid_argument{std::string{what} + " of a room must be in " + std::to_string(least)
                              + " ... " + std::to_string(most) + ", but is " + std::to_string(value)
                              + "."};
}

void check_time(std::string_view what, std::chrono::milliseconds value) {
  if (value >= std::chrono::milliseconds{0} && value <= std::chrono::years{1})
    return;
  throw std::invalid_argument{std::string{what} + " of a room must be between 0 and a year."};
}

void check_names(const room_kind& kind, const std::vector<typed_handler>& handlers) {
  for (auto each = handlers.begin(); each != handlers.end(); ++each)
    if (std::any_of(handlers.begin(), each, [&](auto& other) { return other.name == each->name; }))
      throw std::invalid_argument{"Two inputs or timers of the rooms \"" + kind.name
                                  + "\" are called \"" + each->name + "\"."};
}

} // namespace

void check_room_kind(const room_kind& kind) {
  const auto& options = kind.options;
  check_range("max_players", options.max_players, 1, 10'000);
  check_range("tick_rate", options.tick_rate, 1, 1'000);
  check_range("patch_rate", options.patch_rate, 1, options.tick_rate);
  check_range("queued_inputs", options.queued_inputs, 1, 10'000);
  check_range("inputs_per_tick", options.inputs_per_tick, 1, options.queued_inputs);
  check_range("input_lead", options.input_lead, 1, 100'000);
  check_range("snapshot_every", options.snapshot_every, 1, 100'000);
  check_time("reservation", options.reservation);
  check_time("reconnect_grace", options.reconnect_grace);
  check_time("empty_time", options.empty_time);
  check_names(kind, kind.inputs);
  check_names(kind, kind.timers);
}

} // namespace troupe::game
