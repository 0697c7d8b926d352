#include "game/replay.hpp"

#include <algorithm>
#include <exception>
#include <ranges>

namespace troupe::game {

namespace {

bool has_names(const std::vector<typed_handler>& handlers, const std::vector<std::string>& names) {
  return std::ranges::equal(handlers, names, {}, &typed_handler::name);
}

} // namespace

replay::replay(const room_kind& kind, byte_view recording)
    : reader_{recording}, kind_{kind}, problem_{find_problem(kind)} {
  if (!problem_.empty())
    return;
  kind_.options = reader_.header().options;
  try {
    check_room_kind(kind_);
    room_ = std::make_unique<room_core>(kind_);
    const auto& snapshot = reader_.header().snapshot;
    if (!snapshot.empty() && !room_->load(snapshot))
      problem_ = "The snapshot at the beginning of the recording is not one of such a room.";
  } catch (const std::exception& error) {
    problem_ = error.what();
  }
}

std::string replay::find_problem(const room_kind& kind) const {
  if (!reader_.is_recording())
    return "This is no recording, or one of another version of Troupe.";
  const auto& header = reader_.header();
  if (header.kind != kind.name)
    return "The recording is of a room \"" + header.kind + "\", not \"" + kind.name + "\".";
  if (!has_names(kind.inputs, header.inputs) || !has_names(kind.timers, header.timers))
    return "The rooms \"" + kind.name
           + "\" have other inputs or timers than when the recording was made.";
  return {};
}

void replay::run(std::uint64_t to_tick) {
  recorded_step next;
  while (problem_.empty() && room_->tick() < to_tick && reader_.next(next))
    step(next);
}

void replay::step(const recorded_step& what) {
  for (const auto& each : what.entries)
    room_->apply(each);
  room_->take_effects();
  entries_ += what.entries.size();
  if (!what.has_ticked)
    return;
  ++ticks_;
  const bool is_equal = room_->tick() == what.tick && room_->state_hash() == what.hash;
  if (!is_equal && !first_difference_)
    first_difference_ = what.tick;
}

} // namespace troupe::game
