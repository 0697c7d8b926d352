#include "net/waiting.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace troupe::net {
namespace {

/// For poll: rounded up, so that nobody wakes before the deadline.
int milliseconds_until(time_point deadline) noexcept {
  using std::chrono::milliseconds;
  if (!is_limited(deadline))
    return -1;
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  constexpr milliseconds::rep longest = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, longest));
}

} // namespace

event_signal::event_signal() : descriptor_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {
  if (descriptor_ < 0)
    throw std::system_error{errno, std::system_category(), "cannot make an event descriptor"};
}

event_signal::~event_signal() {
  ::close(descriptor_);
}

void event_signal::raise() noexcept {
  ::eventfd_write(descriptor_, 1);
}

void event_signal::clear() noexcept {
  eventfd_t ignored = 0;
  ::eventfd_read(descriptor_, &ignored);
}

wait_result wait_for(int descriptor, short events, int interrupt, time_point deadline) noexcept {
  for (;;) {
    pollfd watched[]{{descriptor, events, 0}, {interrupt, POLLIN, 0}}; // poll ignores -1
    const int count = ::poll(watched, 2, milliseconds_until(deadline));
    if (count < 0 && errno != EINTR)
      return wait_result::ready; // the following read or write reports what is wrong
    if (count > 0)
      return watched[1].revents != 0 ? wait_result::interrupted : wait_result::ready;
    if (has_passed(deadline))
      return wait_result::timed_out;
  }
}

} // namespace troupe::net
