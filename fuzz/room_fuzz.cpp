// What it reaches: entries, snapshots and recordings of a room that uses everything. What it
// proves: no seat is lost or given twice, whatever enters in whatever order; a snapshot that loads
// is the same again; a copy of a room goes on as the room does; a recording of it replays alike.
#include "game/recording.hpp"
#include "game/replay.hpp"
#include "tests/support/sample_arena.hpp"

#include <cstdint>
#include <cstdlib>
#include <vector>

namespace {

using namespace troupe;
using namespace troupe::game;

const room_kind kind = make_room_kind<test::arena>(
    "arena", {.max_players = 4, .queued_inputs = 4, .inputs_per_tick = 2, .snapshot_every = 3});

void require(bool condition) {
  if (!condition)
    std::abort();
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
  recorder to{[&](byte_view more) { recording.insert(recording.end(), more.begin(), more.end()); },
              kind};
  room_core room{kind};
  state_reader from{bytes};
  entry next{{}, incoming::create{}};
  do {
    to.entered(next);
    room.apply(next);
    if (std::holds_alternative<incoming::tick>(next.what))
      to.ticked(room.tick(), room.state_hash());
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

void check_recording(byte_view bytes) {
  replay again{kind, bytes};
  again.run();
  if (again.problem().empty())
    again.room().apply({{}, incoming::tick{}});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  check_entries(bytes);
  check_snapshot(bytes);
  check_recording(bytes);
  return 0;
}
