#include "tools/load_window.hpp"

#include <bit>

namespace troupe::load {

send_window::send_window(const topology& shape, std::size_t window)
    : shape_{shape},
      capacity_{std::bit_ceil(window)},
      flights_(shape.senders() * capacity_),
      turn_(shape.groups),
      passes_(shape.groups) {
  for (std::size_t place = 0; place < window; ++place)
    for (std::size_t group = 0; group < shape.groups; ++group)
      ready_.push_back(static_cast<std::uint32_t>(group));
}

std::optional<std::size_t> send_window::next_sender() noexcept {
  if (ready_first_ == ready_.size()) {
    ready_.clear();
    ready_first_ = 0;
    return std::nullopt;
  }
  const std::size_t group = ready_[ready_first_++];
  const std::size_t rank = turn_[group];
  turn_[group] = static_cast<std::uint32_t>((rank + 1) % shape_.senders_per_group);
  return group * shape_.group_size + rank;
}

void send_window::sent(std::size_t sender, std::uint32_t sequence, std::uint32_t receivers) {
  passes_[shape_.group_of(sender)] = 0;
  auto& entry = place_of(sender, sequence);
  if (entry.missing != 0) // given up: as many later messages were sent as the window holds
    ready_.push_back(static_cast<std::uint32_t>(shape_.group_of(sender)));
  entry = {sequence, receivers};
}

void send_window::delivered(std::size_t sender, std::uint32_t sequence) {
  auto& entry = place_of(sender, sequence);
  if (entry.sequence != sequence || entry.missing == 0)
    return;
  if (--entry.missing == 0)
    ready_.push_back(static_cast<std::uint32_t>(shape_.group_of(sender)));
}

bool send_window::pass(std::size_t sender) {
  const std::size_t group = shape_.group_of(sender);
  if (++passes_[group] >= shape_.senders_per_group)
    return false;
  ready_.push_back(static_cast<std::uint32_t>(group));
  return true;
}

} // namespace troupe::load
