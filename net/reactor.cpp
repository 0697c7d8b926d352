#include "net/reactor.hpp"

#include "net/ws_connection.hpp"

#include <algorithm>
#include <utility>

namespace troupe::net {

reactor::reactor()
  : timers{steady_clock::now()},
    now_{steady_clock::now()},
    receive_{std::make_unique_for_overwrite<std::byte[]>(receive_bytes)},
    scratch_{std::make_unique_for_overwrite<std::byte[]>(scratch_bytes)} {}

reactor::~reactor() = default;

void reactor::wait(std::optional<time_point> deadline) {
  loop.wait(deadline);
  now_ = steady_clock::now();
  loop.dispatch();
}

void reactor::mark_dirty(ws_connection& connection) noexcept {
  if (!std::exchange(connection.is_dirty_, true))
    dirty_.push_back(&connection);
}

void reactor::forget(ws_connection& connection) noexcept {
  if (std::exchange(connection.is_dirty_, false))
    *std::find(dirty_.begin(), dirty_.end(), &connection) = nullptr;
}

void reactor::flush() noexcept {
  constexpr std::size_t ahead = 4;
  fan_out_ = 0;
  // Flushing may make others dirty (a member that is lost, say): the list can grow on the way.
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    if (i + ahead < dirty_.size() && dirty_[i + ahead] != nullptr)
      dirty_[i + ahead]->prefetch();
    if (auto* connection = dirty_[i]) {
      connection->is_dirty_ = false;
      connection->flush();
    }
  }
  dirty_.clear();
}

} // namespace troupe::net
