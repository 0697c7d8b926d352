// What it reaches: entries, snapshots and recordings of a room that uses everything. What it
// proves: no seat is lost or given twice, whatever enters in whatever order; a snapshot that loads
// is the same again; a copy of a room goes on as the room does; a recording of it replays alike.
#include "game/recording.hpp"
#include "game/replay.hpp"
#include "tests/support/sample_arena.hpp"

#include <cstdint>
#include <cstdlib>
#include <vector>
#include <zlib.h>

namespace {

using namespace troupe;
using namespace troupe::game;

const room_kind kind = make_room_kind<test::arena>(
    "arena", {.max_players = 4, .queued_inputs = 4, .inputs_per_tick = 2, .snapshot_every = 3});

void require(bool condition) {
  if (!condition)
    std::abort();
}

void append(std::vector<std::byte>& to, byte_view bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

void check_seats(room_core& room) {
  const auto& seats = room.seats();
  require(seats.free_count() + seats.reserved_count() + room.players().size() == seats.size());
}

void check_copy(room_core& room) {
  room_core copy{kind};
  require(copy.load(room.snapshot()));
  require(copy.snapshot() == room.snapshot());
  for (int i = 0; i < 3; ++i) {
    room.apply({{}, incoming::tick{}});
    copy.apply({{}, incoming::tick{}});
  }
  require(copy.state_hash() == room.state_hash());
}

void check_entries(byte_view bytes) {
  std::vector<std::byte> recording;
  recorder to{[&](byte_view more) { append(recording, more); }, kind};
  room_core room{kind};
  state_reader from{bytes};
  entry next{{}, incoming::create{}};
  do {
    to.apply(room, next);
    if (!room.is_closed())
      check_seats(room);
  } while (from(next));
  to.finish();
  replay again{kind, recording};
  again.run();
  require(again.problem().empty() && again.room().state_hash() == room.state_hash());
  if (!room.is_closed())
    check_copy(room);
}

void check_snapshot(byte_view bytes) {
  room_core room{kind};
  if (!room.load(bytes))
    return;
  require(room.load(room.snapshot()));
  for (int i = 0; i < 5; ++i)
    room.apply({std::chrono::hours{i}, incoming::tick{}});
  room.apply({{}, incoming::close{}});
}

/// A record with the right length and checksum, whatever is in it.
void append_record(std::vector<std::byte>& to, byte_view content) {
  const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
  for (const auto number : {static_cast<std::uint64_t>(content.size()), std::uint64_t{sum}})
    for (int i = 0; i < 4; ++i)
      to.push_back(static_cast<std::byte>(number >> (8 * i) & 0xFF));
  append(to, content);
}

void check_recording(byte_view bytes) {
  replay again{kind, bytes};
  again.run();
  if (again.problem().empty())
    again.room().apply({{}, incoming::tick{}});
}

/// Records that pass the checksum: steps behind a good header, and a header.
void check_records(byte_view bytes) {
  std::vector<std::byte> recording;
  const recorder header{[&](byte_view more) { append(recording, more); }, kind};
  const auto half = bytes.size() / 2;
  append_record(recording, bytes.first(half));
  append_record(recording, bytes.subspan(half));
  check_recording(recording);
  recording.resize(8); // the magic
  append_record(recording, bytes);
  check_recording(recording);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  check_entries(bytes);
  check_snapshot(bytes);
  check_recording(bytes);
  check_records(bytes);
  return 0;
}
