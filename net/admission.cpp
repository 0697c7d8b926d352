#include "net/admission.hpp"

namespace troupe::net {

admission_ticket& admission_ticket::operator=(admission_ticket&& other) noexcept {
  if (this != &other) {
    give_back();
    from_ = std::exchange(other.from_, nullptr);
    entry_ = other.entry_;
  }
  return *this;
}

void admission_ticket::give_back() noexcept {
  if (auto* from = std::exchange(from_, nullptr))
    from->leave(*entry_);
}

std::optional<admission_ticket> admission::admit(const std::string& address) {
  std::lock_guard guard{mutex_};
  if (max_total_ != 0 && total_ >= max_total_)
    return std::nullopt;
  auto& entry = *per_address_.try_emplace(address, 0).first;
  if (max_per_address_ != 0 && entry.second >= max_per_address_)
    return std::nullopt;
  ++entry.second;
  ++total_;
  return admission_ticket{*this, entry};
}

void admission::leave(admission_ticket::entry& address) noexcept {
  std::lock_guard guard{mutex_};
  --total_;
  if (--address.second == 0)
    per_address_.erase(per_address_.find(address.first));
}

std::size_t admission::total() const {
  std::lock_guard guard{mutex_};
  return total_;
}

} // namespace troupe::net
