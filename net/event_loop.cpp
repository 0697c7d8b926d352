#include "net/event_loop.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace troupe::net {

namespace {

constexpr std::size_t batch_size = 1024;

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

epoll_event make_event(io_handler* handler, io_interest interest) noexcept {
  epoll_event event{};
  event.events = (wants(interest, io_interest::read) ? std::uint32_t{EPOLLIN | EPOLLRDHUP} : 0U)
                 | (wants(interest, io_interest::write) ? std::uint32_t{EPOLLOUT} : 0U);
  event.data.ptr = handler;
  return event;
}

io_interest to_interest(std::uint32_t events) noexcept {
  if ((events & (EPOLLERR | EPOLLHUP)) != 0)
    return io_interest::read_write;
  auto read = (events & (EPOLLIN | EPOLLRDHUP)) != 0 ? 1U : 0U;
  auto write = (events & EPOLLOUT) != 0 ? 2U : 0U;
  return static_cast<io_interest>(read | write);
}

} // namespace

event_loop::event_loop() : batch_(batch_size) {
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0)
    fail("cannot create an epoll descriptor");
  wakeup_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  auto event = make_event(nullptr, io_interest::read);
  if (wakeup_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wakeup_, &event) != 0)
    fail("cannot create the event loop's wake-up descriptor");
}

event_loop::~event_loop() {
  ::close(wakeup_);
  ::close(epoll_);
}

void event_loop::add(int descriptor, io_handler& handler, io_interest interest) {
  auto event = make_event(&handler, interest);
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0)
    fail("cannot watch a socket");
}

void event_loop::modify(int descriptor, io_handler& handler, io_interest interest) noexcept {
  auto event = make_event(&handler, interest);
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event);
}

void event_loop::remove(int descriptor, io_handler& handler) noexcept {
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
  for (auto i = next_; i < count_; ++i)
    if (batch_[i].data.ptr == &handler)
      batch_[i].events = 0;
}

int event_loop::poll(std::optional<time_point> deadline) {
  if (!deadline)
    return ::epoll_wait(epoll_, batch_.data(), static_cast<int>(batch_.size()), -1);
  auto left = std::max(*deadline - steady_clock::now(), steady_clock::duration::zero());
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  timespec timeout{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
  auto n = ::epoll_pwait2(epoll_, batch_.data(), static_cast<int>(batch_.size()), &timeout, nullptr);
  if (n >= 0 || errno != ENOSYS)
    return n;
  // Kernels before 5.11 wait in whole milliseconds.
  auto rounded = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return ::epoll_wait(epoll_, batch_.data(), static_cast<int>(batch_.size()),
                      static_cast<int>(std::min<std::int64_t>(rounded, INT_MAX)));
}

void event_loop::wait(std::optional<time_point> deadline) {
  sleeping_.store(true);
  // A wake-up between the caller's last look at its queues and here must not be slept through.
  auto n = poll(woken_.exchange(false) ? std::optional{time_point{}} : deadline);
  sleeping_.store(false, std::memory_order_relaxed);
  if (n < 0 && errno != EINTR)
    fail("waiting for sockets failed");
  next_ = 0;
  count_ = n > 0 ? static_cast<std::size_t>(n) : 0;
}

void event_loop::dispatch() noexcept {
  while (next_ < count_) {
    auto event = batch_[next_++];
    if (event.data.ptr == nullptr)
      drain_wakeups();
    else if (event.events != 0)
      static_cast<io_handler*>(event.data.ptr)->on_ready(to_interest(event.events));
  }
  count_ = 0;
}

void event_loop::wake() noexcept {
  woken_.store(true);
  if (!sleeping_.load())
    return;
  std::uint64_t one = 1;
  [[maybe_unused]] auto written = ::write(wakeup_, &one, sizeof one);
}

void event_loop::drain_wakeups() noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] auto got = ::read(wakeup_, &count, sizeof count);
  woken_.exchange(false); // an exchange, so that what the waker queued before is visible
}

} // namespace troupe::net
