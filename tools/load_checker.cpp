#include "tools/load_checker.hpp"

namespace troupe::load {

delivery_checker::delivery_checker(const topology& shape, std::uint64_t run)
    : shape_{shape},
      run_{run},
      streams_(shape.connections() * shape.senders_per_group),
      is_admitted_(shape.connections()) {}

void delivery_checker::admit(std::size_t receiver) {
  is_admitted_[receiver] = true;
}

verdict delivery_checker::accept(std::size_t receiver, const stamp& value) noexcept {
  if (value.run != run_) {
    ++counts_.foreign;
    return verdict::foreign;
  }
  const std::size_t sender = value.sender;
  const bool is_own = sender == receiver && !shape_.senders_receive;
  if (is_own || sender >= shape_.connections() || !shape_.is_sender(sender)
      || shape_.group_of(sender) != shape_.group_of(receiver)) {
    ++counts_.misrouted;
    return verdict::misrouted;
  }
  auto& seen = streams_[receiver * shape_.senders_per_group + shape_.rank_of(sender)];
  switch (seen.accept(value.sequence)) {
  case arrival::late:
    ++counts_.reordered;
    [[fallthrough]];
  case arrival::in_order:
    ++counts_.delivered;
    return verdict::delivered;
  case arrival::too_old:
    ++counts_.reordered;
    return verdict::repeated;
  case arrival::duplicate:
    break;
  }
  ++counts_.duplicates;
  return verdict::repeated;
}

bool delivery_checker::has_seen(std::size_t receiver, std::size_t sender,
                                std::uint32_t sequence) const noexcept {
  return stream(receiver, sender).has_seen(sequence);
}

std::uint64_t delivery_checker::dismiss(std::size_t receiver,
                                        const std::vector<std::uint32_t>& sent) {
  if (!is_admitted_[receiver])
    return 0;
  const auto before = counts_.lost + counts_.undelivered;
  add_missing(receiver, sent, counts_);
  is_admitted_[receiver] = false;
  return counts_.lost + counts_.undelivered - before;
}

check_counts delivery_checker::result(const std::vector<std::uint32_t>& sent) const {
  check_counts result = counts_;
  for (std::size_t receiver = 0; receiver < shape_.connections(); ++receiver)
    if (is_admitted_[receiver])
      add_missing(receiver, sent, result);
  return result;
}

void delivery_checker::add_missing(std::size_t receiver, const std::vector<std::uint32_t>& sent,
                                   check_counts& counts) const {
  const std::size_t first = shape_.group_of(receiver) * shape_.group_size;
  for (std::size_t sender = first; sender < first + shape_.senders_per_group; ++sender) {
    if (sender == receiver && !shape_.senders_receive)
      continue;
    const auto& seen = stream(receiver, sender);
    const std::uint32_t total = sent[shape_.sender_number(sender)];
    counts.lost += seen.missing();
    counts.undelivered += total > seen.next() ? total - seen.next() : 0;
  }
}

const sequence_checker& delivery_checker::stream(std::size_t receiver,
                                                 std::size_t sender) const noexcept {
  return streams_[receiver * shape_.senders_per_group + shape_.rank_of(sender)];
}

} // namespace troupe::load
