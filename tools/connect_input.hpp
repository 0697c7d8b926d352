#pragma once
#include <optional>
#include <string>

namespace troupe::connect {

/// Lines of a file descriptor, until its end or until somebody says stop.
///
/// Exists because reading standard input blocks: the tool must also end when the connection does,
/// or at Ctrl-C.
///
/// Threading:  `next` on one thread; `stop` on any thread and in signal handlers.
/// Errors:     the constructor throws std::system_error; a failing descriptor counts as its end.
class line_input {
public:
  explicit line_input(int descriptor);
  line_input(const line_input&) = delete;
  line_input& operator=(const line_input&) = delete;
  ~line_input();

  /// The next line without its end; nothing at the end and after `stop`. Blocks.
  std::optional<std::string> next();
  void stop() noexcept;

private:
  std::optional<std::string> take_line();
  bool fill();

  const int descriptor_;
  const int wake_; ///< eventfd, readable after `stop`
  std::string text_;
  bool is_at_end_ = false;
};

} // namespace troupe::connect
