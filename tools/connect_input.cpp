#include "tools/connect_input.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe::connect {

line_input::line_input(int descriptor)
    : descriptor_(descriptor), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_ < 0)
    throw std::system_error{errno, std::generic_category(), "No event descriptor can be made"};
}

line_input::~line_input() {
  ::close(wake_);
}

void line_input::stop() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

std::optional<std::string> line_input::next() {
  while (true) {
    if (auto line = take_line())
      return line;
    if (is_at_end_)
      return text_.empty() ? std::nullopt : std::optional{std::exchange(text_, {})};
    if (!fill())
      return std::nullopt;
  }
}

std::optional<std::string> line_input::take_line() {
  const auto end = text_.find('\n');
  if (end == std::string::npos)
    return std::nullopt;
  auto line = text_.substr(0, end);
  text_.erase(0, end + 1);
  return line;
}

/// Waits for more text.
/// @returns false when it was stopped.
bool line_input::fill() {
  std::array<pollfd, 2> watched{{{descriptor_, POLLIN, 0}, {wake_, POLLIN, 0}}};
  if (::poll(watched.data(), watched.size(), -1) < 0)
    return errno == EINTR;
  if (watched[1].revents != 0)
    return false;
  std::array<char, 4096> buffer{};
  const auto size = ::read(descriptor_, buffer.data(), buffer.size());
  if (size > 0)
    text_.append(buffer.data(), static_cast<std::size_t>(size));
  else if (size == 0 || errno != EINTR)
    is_at_end_ = true;
  return true;
}

} // namespace troupe::connect
