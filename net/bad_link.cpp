#include "net/bad_link.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace troupe::net {

namespace {

bool would_block() noexcept {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

bad_link::bad_link(home& at, int client, int server, const impairment& how, std::uint64_t seed)
    : home_{at}, client_{*this, client, how, 2 * seed}, server_{*this, server, how, 2 * seed + 1} {
  proceed();
}

void bad_link::proceed() {
  if (has_ended_)
    return;
  client_.proceed();
  server_.proceed();
  client_.watch();
  server_.watch();
  has_ended_ = client_.is_done() && server_.is_done();
  if (has_ended_)
    home_.ended.push_back(this);
}

// -- one end ------------------------------------------------------------------

bad_link::end::end(bad_link& link, int descriptor, const impairment& how, std::uint64_t seed)
    : link_{link}, descriptor_{descriptor}, arriving_{how, seed} {}

bad_link::end::~end() {
  if (is_watched_)
    link_.home_.loop.remove(descriptor_, *this);
  ::close(descriptor_);
}

bad_link::end& bad_link::end::other() const noexcept {
  return this == &link_.client_ ? link_.server_ : link_.client_;
}

void bad_link::end::on_ready(io_interest ready) noexcept {
  if (wants(ready, io_interest::write))
    is_blocked_ = false;
  if (has_ended_ && is_hung_up())
    break_off();
  else if (wants(ready, io_interest::read))
    read();
  link_.proceed();
}

void bad_link::end::on_timer(time_point) noexcept {
  link_.proceed();
}

void bad_link::end::read() {
  std::array<std::byte, 16 * 1024> buffer;
  const auto most = std::min(buffer.size(), other().arriving_.room());
  if (has_ended_ || most == 0)
    return;
  const auto count = ::recv(descriptor_, buffer.data(), most, 0);
  if (count > 0)
    return other().arriving_.push({buffer.data(), static_cast<std::size_t>(count)},
                                  link_.home_.now);
  if (count < 0 && would_block())
    return;
  has_ended_ = true;
  if (count < 0)
    break_off(); // reset
}

void bad_link::end::deliver() {
  while (!is_blocked_ && !is_broken_) {
    const auto bytes = arriving_.arrived(link_.home_.now);
    if (bytes.empty())
      return;
    const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count > 0)
      arriving_.pop(static_cast<std::size_t>(count));
    else if (count < 0 && would_block())
      is_blocked_ = true;
    else
      break_off();
  }
}

void bad_link::end::finish() {
  if (has_finished_ || is_broken_ || !other().has_ended_ || !arriving_.is_empty())
    return;
  has_finished_ = true;
  ::shutdown(descriptor_, SHUT_WR);
}

void bad_link::end::proceed() {
  deliver();
  finish();
  if (const auto next = arriving_.next_arrival(); next && !is_blocked_)
    link_.home_.timers.arm(*this, *next);
  else
    disarm();
}

/// A hang-up is reported whether it is asked for or not: who has no use for it must not be watched.
void bad_link::end::watch() {
  auto& loop = link_.home_.loop;
  const bool reads = !has_ended_ && other().arriving_.room() > 0;
  const bool wants_any = reads || (!is_broken_ && (is_blocked_ || has_ended_));
  const auto interest = static_cast<io_interest>((reads ? 1 : 0) | (is_blocked_ ? 2 : 0));
  if (is_watched_ && wants_any)
    return loop.modify(descriptor_, *this, interest);
  if (is_watched_)
    loop.remove(descriptor_, *this);
  else if (wants_any)
    try {
      loop.add(descriptor_, *this, interest);
    } catch (const std::exception&) { // descriptors are exhausted
      has_ended_ = true;
      return break_off();
    }
  is_watched_ = wants_any;
}

void bad_link::end::break_off() noexcept {
  is_broken_ = true;
  is_blocked_ = false;
  arriving_.clear();
}

bool bad_link::end::is_hung_up() const noexcept {
  pollfd watched{.fd = descriptor_, .events = 0, .revents = 0};
  return ::poll(&watched, 1, 0) > 0 && (watched.revents & (POLLHUP | POLLERR)) != 0;
}

} // namespace troupe::net
