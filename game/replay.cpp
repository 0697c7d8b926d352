#include "game/replay.hpp"

#include <algorithm>
#include <exception>
#include <iterator>

namespace troupe::game {

namespace {

/// `arena, order`
std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& each : names)
    text.append(text.empty() ? "" : ", ").append(each);
  return text.empty() ? "none" : text;
}

/// One sentence, or nothing if the handlers have the names.
std::string difference(std::string_view what, const std::vector<typed_handler>& handlers,
                       const std::vector<std::string>& recorded) {
  std::vector<std::string> names;
  std::ranges::transform(handlers, std::back_inserter(names), &typed_handler::name);
  if (names == recorded)
    return {};
  return "The " + std::string{what} + " of the recorded room were " + list(recorded)
         + "; those of this program are " + list(names) + ".";
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
    return reader_.problem();
  const auto& header = reader_.header();
  if (header.kind != kind.name)
    return "The recording is of a room \"" + header.kind + "\", not \"" + kind.name + "\".";
  auto other_inputs = difference("inputs", kind.inputs, header.inputs);
  return other_inputs.empty() ? difference("timers", kind.timers, header.timers) : other_inputs;
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
  if (!compares_ || first_difference_)
    return;
  if (room_->tick() != what.tick || room_->state_hash() != what.hash)
    first_difference_ = what.tick;
}

} // namespace troupe::game
