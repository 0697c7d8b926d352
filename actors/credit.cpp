#include "actors/credit.hpp"

#include "actors/messages.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace troupe::actors {

bool flow_gate::wait(const caf::actor& waiter) {
  std::lock_guard guard{mutex_};
  waiters_.push_back(waiter);
  has_waiters_.store(true);
  if (count_.load() > bound_ / 2)
    return true;
  // Drained meanwhile: nobody may come to wake the waiter any more.
  waiters_.pop_back();
  has_waiters_.store(!waiters_.empty());
  return false;
}

void flow_gate::wake() noexcept {
  std::vector<caf::actor> woken;
  {
    std::lock_guard guard{mutex_};
    woken.swap(waiters_);
    has_waiters_.store(false);
  }
  for (auto& waiter : woken)
    caf::anon_send(waiter, read_on{});
}

} // namespace troupe::actors
