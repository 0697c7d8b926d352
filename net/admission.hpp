#pragma once
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace troupe::net {

class admission;

/// The right to one connection; given back when destroyed. Movable, any thread.
class admission_ticket {
public:
  admission_ticket() noexcept = default;
  admission_ticket(admission_ticket&& other) noexcept
    : from_{std::exchange(other.from_, nullptr)}, entry_{other.entry_} {}
  admission_ticket& operator=(admission_ticket&& other) noexcept;
  ~admission_ticket() { give_back(); }

private:
  friend class admission;
  using entry = std::pair<const std::string, std::size_t>;
  admission_ticket(admission& from, entry& address) noexcept : from_{&from}, entry_{&address} {}
  void give_back() noexcept;

  admission* from_ = nullptr;
  entry* entry_ = nullptr;
};

/// Counts connections in total and per client address, and says when there are enough.
///
/// Threading:  any thread. Lifetime: outlives its tickets.
class admission {
public:
  /// Bounds; 0 means unlimited.
  admission(std::size_t max_total, std::size_t max_per_address)
    : max_total_{max_total}, max_per_address_{max_per_address} {}

  /// @returns nothing if a bound is reached.
  std::optional<admission_ticket> admit(const std::string& address);
  std::size_t total() const;

private:
  friend class admission_ticket;
  void leave(admission_ticket::entry& address) noexcept;

  const std::size_t max_total_;
  const std::size_t max_per_address_;
  mutable std::mutex mutex_; // guards the rest
  std::unordered_map<std::string, std::size_t> per_address_;
  std::size_t total_ = 0;
};

} // namespace troupe::net
