#pragma once
#include "troupe/bytes.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace troupe::game {

/// Bytes of recordings that wait to be written, those of all rooms together.
struct recording_backlog {
  explicit recording_backlog(std::size_t the_most) : most{the_most} {}

  const std::size_t most;
  std::atomic<std::size_t> bytes{0};
};

/// One room's recording between the room, which never waits, and the thread that writes.
///
/// Nothing is opened until `write`. A file that is there already is never touched: the new one gets
/// a number behind its name.
///
/// Threading:  `append` belongs to the room, `write` to one other thread.
/// Bounds:     past `most_waiting`, or past the backlog of all rooms, the recording stops behind
/// the
///             last record that it took.
/// Errors:     are logged once, with the path, and stop the recording.
class recording_file {
public:
  static constexpr std::size_t most_waiting = std::size_t{4} << 20;

  recording_file(std::filesystem::path path, std::shared_ptr<recording_backlog> all);
  ~recording_file();
  recording_file(const recording_file&) = delete;
  recording_file& operator=(const recording_file&) = delete;

  /// Whole records. Ignored once it has stopped.
  void append(byte_view records);
  /// Whether it takes no more.
  bool is_stopped() const noexcept { return is_stopped_.load(std::memory_order_relaxed); }
  /// Writes what waits.
  void write();

  const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::vector<std::byte> take_waiting();
  bool open();
  bool write_all(byte_view bytes);
  void stop(std::string_view why);

  const std::filesystem::path path_;
  std::shared_ptr<recording_backlog> all_;
  std::atomic<bool> is_stopped_{false};
  int descriptor_ = -1;
  bool has_failed_ = false; ///< there is no sense in writing more
  std::mutex lock_;         ///< guards the next
  std::vector<std::byte> waiting_;
};

} // namespace troupe::game
