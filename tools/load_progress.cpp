#include "tools/load_progress.hpp"

#include <algorithm>
#include <cstdio>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

namespace troupe::load {

namespace {
constexpr nanoseconds interval = std::chrono::milliseconds{100};
constexpr std::size_t bar_width = 24;
constexpr std::string_view erase_line = "\r\x1b[K";
} // namespace

std::string progress_line(std::string_view phase, double done, std::string_view details) {
  const double share = std::clamp(done, 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(bar_width));
  auto bar = std::string(filled, '=');
  if (filled < bar_width)
    bar += '>';
  bar.resize(bar_width, ' ');
  return fmt::format("{:<10} [{}] {:>3.0f} %  {}", phase, bar, share * 100, details);
}

progress::progress(bool is_wanted) : is_shown_{is_wanted && isatty(STDERR_FILENO) == 1} {}

void progress::show(std::string_view phase, double done, std::string_view details, instant now) {
  if (!is_due(now))
    return;
  next_ = now + interval;
  is_drawn_ = true;
  fmt::print(stderr, "{}{}", erase_line, progress_line(phase, done, details));
  std::fflush(stderr);
}

void progress::clear() noexcept {
  if (!is_drawn_)
    return;
  std::fwrite(erase_line.data(), 1, erase_line.size(), stderr);
  std::fflush(stderr);
  is_drawn_ = false;
}

} // namespace troupe::load
