#include "net/reactor.hpp"

#include "net/ws_connection.hpp"

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
  if (std::exchange(connection.is_dirty_, true))
    return;
  connection.next_dirty_ = std::exchange(dirty_, &connection);
}

void reactor::forget(ws_connection& connection) noexcept {
  if (!std::exchange(connection.is_dirty_, false))
    return;
  auto** link = &dirty_;
  while (*link != &connection)
    link = &(*link)->next_dirty_;
  *link = connection.next_dirty_;
}

void reactor::flush() noexcept {
  // Flushing may make others dirty (a member that is lost, say): they wait for the next round.
  while (dirty_ != nullptr) {
    auto* connection = std::exchange(dirty_, dirty_->next_dirty_);
    connection->is_dirty_ = false;
    connection->flush();
  }
}

} // namespace troupe::net
