#pragma once
#include "troupe/bytes.hpp"
#include "troupe/game/room_kind.hpp"

#include "game/entry.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace troupe::game {

class room_core;

// A recording is eight bytes "TROUPREC" and records: the length of the content (4 bytes, little
// endian), its CRC-32 (4 bytes, little endian), the content. The first content is a
// `recording_header`, each further one a `recorded_step`, both as a `state_writer` writes them.

inline constexpr std::uint32_t recording_version = 3;

/// What the recorded room was.
struct recording_header {
  std::uint32_t version = recording_version;
  std::string kind;
  room_options options;
  std::vector<std::string> inputs; ///< their names, in the order of the numbers in entries
  std::vector<std::string> timers;
  std::vector<std::byte> snapshot; ///< where it begins; empty: with the room's creation

  auto saved() { return std::tie(version, kind, options, inputs, timers, snapshot); }
};

/// What entered up to one tick, and what had become of the room then.
struct recorded_step {
  bool has_ticked = false; ///< false: the end of the recording, or of many entries
  std::uint64_t tick = 0;
  std::uint64_t hash = 0; ///< `room_core::state_hash`, if it has ticked
  std::vector<entry> entries{};

  auto saved() { return std::tie(has_ticked, tick, hash, entries); }
};

/// Writes the recording of one room, a record per tick.
///
/// Threading:  belongs to its room.
/// Bounds:     never writes more than `max_bytes`; `is_full` tells that it has stopped. Holds what
///             came since the last tick, at most about 1 MiB.
/// Errors:     what the sink throws passes through.
class recorder {
public:
  using sink = std::function<void(byte_view)>;

  /// Writes the header. @param snapshot  of the room, if it is already running
  recorder(sink to, const room_kind& kind, std::vector<std::byte> snapshot = {},
           std::uint64_t max_bytes = std::uint64_t{256} << 20);

  /// Applies an entry, and records it with what has become of the room.
  void apply(room_core& to, const entry& what);

  // -- the same in parts ----

  /// Call it with each entry that is applied.
  void entered(const entry& what);
  /// Call it after each tick.
  void ticked(std::uint64_t tick, std::uint64_t hash);
  /// Call it at the end: writes what came since the last tick.
  void finish();

  bool is_full() const noexcept { return is_full_; }
  std::uint64_t size() const noexcept { return size_; }

private:
  void write_step(const recorded_step& head);
  void write_record(byte_view first, byte_view second);

  sink to_;
  std::uint64_t max_bytes_;
  std::uint64_t size_ = 0;
  bool is_full_ = false;
  std::uint64_t entries_ = 0;
  state_writer head_;
  state_writer body_; // the entries since the last step
  std::vector<std::byte> record_;
};

/// Reads a recording, up to the last record that is whole.
///
/// Threading:  belongs to one thread. Ownership: views the bytes.
/// Errors:     total on any bytes; see `is_recording` and `ending`.
class recording_reader {
public:
  explicit recording_reader(byte_view recording);

  /// Whether there is a header that this version reads. @pre for everything below
  bool is_recording() const noexcept { return header_.has_value(); }
  /// Why not, in one sentence; empty if it is.
  const std::string& problem() const noexcept { return problem_; }
  const recording_header& header() const noexcept { return *header_; }

  /// The next step. @returns false at the end.
  bool next(recorded_step& to);

  enum class end : std::uint8_t {
    none,    ///< there is more
    whole,   ///< behind the last record
    torn,    ///< the last record is not complete: the writer has died
    damaged, ///< a record has the wrong checksum or no sense; nothing behind it is read
  };
  end ending() const noexcept { return ending_; }

private:
  std::string read_header();
  std::optional<byte_view> next_record() noexcept;

  byte_view rest_;
  end ending_ = end::none;
  std::optional<recording_header> header_;
  std::string problem_; // last: reading the header fills in the others
};

} // namespace troupe::game
