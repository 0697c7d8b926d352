#pragma once
#include "game/recording.hpp"
#include "server/recording_file.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace troupe::game {

/// The recording of one room, if it has one. It ends with the object.
///
/// Threading:  belongs to its room.
/// Errors:     a recording that is full or cannot be written ends, with a line in the log; the room
///             goes on.
class room_recording {
public:
  room_recording() = default;
  room_recording(std::shared_ptr<recording_file> to, const room_kind& kind,
                 std::uint64_t max_bytes);
  ~room_recording();
  room_recording(room_recording&&) = default;
  room_recording& operator=(room_recording&&) = delete;

  /// Applies the entry, and records it.
  void apply(room_core& to, const entry& what);

private:
  std::shared_ptr<recording_file> file_;
  std::optional<recorder> recorder_; ///< none: nothing is recorded (any more)
};

/// The recordings of a server's rooms: a file for each, and one thread that writes them, so that no
/// room ever waits for a disk.
///
/// What rooms record lies in memory for a quarter of a second at most, unless the disk is slow. The
/// names are KIND-ROOM-TIME.recording; docs/recordings.md describes what is in them.
///
/// Threading:  any, after `start`.
/// Lifetime:   the end of the object writes what is left. The rooms must be gone by then.
/// Errors:     `start` throws std::runtime_error with a full sentence; everything later is logged.
class recordings {
public:
  recordings(std::filesystem::path directory, std::uint64_t max_bytes);
  ~recordings();
  recordings(const recordings&) = delete;
  recordings& operator=(const recordings&) = delete;

  /// Makes the directory if need be, and the thread.
  void start();
  /// Of a room that is about to be created. Not recorded if too many are.
  room_recording record(const room_kind& kind, std::string_view room);

private:
  std::shared_ptr<recording_file> add(const room_kind& kind, std::string_view room);
  void run();
  void write_all();
  std::vector<std::shared_ptr<recording_file>> take_finished();
  std::vector<std::shared_ptr<recording_file>> unfinished();

  const std::filesystem::path directory_;
  const std::uint64_t max_bytes_;
  const std::shared_ptr<recording_backlog> backlog_;
  std::mutex lock_; ///< guards the next three
  std::vector<std::shared_ptr<recording_file>> files_;
  std::size_t most_files_ = 0;
  bool is_over_ = false;
  std::condition_variable changed_;
  std::thread thread_;
};

} // namespace troupe::game
