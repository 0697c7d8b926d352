#include "tools/load_sequence.hpp"

namespace troupe::load {

namespace {
constexpr std::uint32_t remembered = 64;
}

arrival sequence_checker::accept(std::uint32_t sequence) noexcept {
  if (sequence >= next_)
    return advance_to(sequence);
  const std::uint32_t age = next_ - 1 - sequence;
  if (age >= remembered)
    return arrival::too_old;
  const std::uint64_t bit = std::uint64_t{1} << age;
  if ((recent_ & bit) != 0)
    return arrival::duplicate;
  recent_ |= bit;
  --missing_;
  return arrival::late;
}

bool sequence_checker::has_seen(std::uint32_t sequence) const noexcept {
  if (sequence >= next_)
    return false;
  const std::uint32_t age = next_ - 1 - sequence;
  return age >= remembered || ((recent_ >> age) & 1) != 0;
}

arrival sequence_checker::advance_to(std::uint32_t sequence) noexcept {
  const std::uint32_t step = sequence - next_ + 1;
  recent_ = step >= remembered ? 1 : (recent_ << step) | 1;
  missing_ += step - 1;
  next_ = sequence + 1;
  return arrival::in_order;
}

} // namespace troupe::load
