#pragma once
#include "tools/load_units.hpp"

#include <string>
#include <string_view>

namespace troupe::load {

/// One line on a terminal that is rewritten while a run goes on; nothing at all when standard error
/// is no terminal.
///
/// Threading:  one thread.
/// Errors:     ignored: progress is decoration.
class progress {
public:
  explicit progress(bool is_wanted);
  ~progress() { clear(); }
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Shows phase, bar and details, at most ten times per second.
  /// @param done  0 ... 1.
  void show(std::string_view phase, double done, std::string_view details, instant now);

  /// Whether `show` would draw now; saves the caller from making up details.
  bool is_due(instant now) const noexcept { return is_shown_ && now >= next_; }

  /// Removes the line.
  void clear() noexcept;

private:
  bool is_shown_;
  bool is_drawn_ = false;
  instant next_{};
};

/// "broadcast  [=====>    ]  50 %  details"
std::string progress_line(std::string_view phase, double done, std::string_view details);

} // namespace troupe::load
