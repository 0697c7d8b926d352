#include "troupe/game/motion_buffer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace troupe::game {

namespace {

/// More than any sensible delay takes.
constexpr std::size_t max_samples = 16;

/// The short way round.
double shortest(double distance, double period) noexcept {
  return period == 0 ? distance : distance - period * std::round(distance / period);
}

double wrapped(double value, double period) noexcept {
  if (period == 0)
    return value;
  const auto rest = std::fmod(value, period);
  return rest < 0 ? rest + period : rest;
}

} // namespace

motion_buffer::motion_buffer(std::vector<double> periods, double delay)
    : periods_{std::move(periods)}, delay_{delay} {}

void motion_buffer::add(entity_id id, double tick, std::span<const double> values) {
  auto& samples = entities_[id];
  if (!samples.empty() && samples.back().tick < tick - delay_)
    samples.push_back({tick - delay_, samples.back().values});
  samples.push_back({tick, {values.begin(), values.end()}});
  while (samples.size() > max_samples)
    samples.pop_front();
}

bool motion_buffer::show(entity_id id, double now, std::span<double> values) const {
  const auto known = entities_.find(id);
  if (known == entities_.end())
    return false;
  const auto& samples = known->second;
  const auto when = now - delay_;
  if (!(when >= samples.front().tick))
    return false;
  auto to = std::ranges::find_if(samples, [when](const auto& one) { return one.tick > when; });
  if (to == samples.end())
    --to;
  const auto from = to == samples.begin() ? to : to - 1;
  const auto length = to->tick - from->tick;
  const auto part = length > 0 ? std::clamp((when - from->tick) / length, 0.0, 1.0) : 1.0;
  for (std::size_t i = 0; i < periods_.size(); ++i) {
    const auto way = shortest(to->values[i] - from->values[i], periods_[i]);
    values[i] = wrapped(from->values[i] + part * way, periods_[i]);
  }
  return true;
}

} // namespace troupe::game
