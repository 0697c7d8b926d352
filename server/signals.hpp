#pragma once
#include <chrono>
#include <csignal>
#include <cstddef>
#include <optional>

namespace troupe {

/// A request to stop that any thread can make. Ownership: an eventfd.
class stop_event {
public:
  stop_event();
  ~stop_event();
  stop_event(const stop_event&) = delete;
  stop_event& operator=(const stop_event&) = delete;

  void set() noexcept;
  /// Forgets that it was set.
  void clear() noexcept;
  int descriptor() const noexcept { return descriptor_; }

private:
  int descriptor_ = -1;
};

enum class signal_kind { stop, reload };

/// Receives SIGTERM, SIGINT and SIGHUP as values instead of interruptions, and a `stop_event` with
/// them, for as long as it lives.
///
/// Threading:  one thread; other threads of the process must block these signals.
class signal_watch {
public:
  explicit signal_watch(stop_event& also);
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  /// Waits for the next signal, for ever or up to `timeout`.
  signal_kind wait();
  std::optional<signal_kind> wait(std::chrono::milliseconds timeout);

private:
  std::optional<signal_kind> poll(int timeout_ms);

  stop_event& also_;
  int descriptor_ = -1; ///< signalfd
  sigset_t previous_;
};

/// Leaves all signals to the other threads of the process: every thread of a server begins so.
void block_signals() noexcept;

/// Raises the soft limit of file descriptors to the hard one. @returns the limit in force.
std::size_t raise_descriptor_limit() noexcept;

} // namespace troupe
