#include "game/recording.hpp"

#include "game/replay.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/room_driver.hpp"

using namespace troupe::game;
using namespace troupe::test;
using std::chrono::milliseconds;
using troupe::byte_view;
using bytes = std::vector<std::byte>;

namespace {

/// A room that is recorded while it is driven.
struct recorded_room {
  explicit recorded_room(std::uint64_t most = 1 << 20) : max_bytes{most} {}

  std::uint64_t max_bytes;
  bytes recording;
  room_kind kind = make_room_kind<arena>("arena", {.failures_allowed = 100});
  room_core core{kind};
  recorder to{
      [this](byte_view more) { recording.insert(recording.end(), more.begin(), more.end()); },
      kind,
      {},
      max_bytes};

  void apply(entry::type what) {
    to.apply(core, {milliseconds{core.tick() * 33}, std::move(what)});
  }

  void play(int ticks) {
    apply(incoming::create{.seed = 3});
    for (std::uint64_t i = 1; i <= 4; ++i) {
      apply(incoming::reserve{room_driver::token(i)});
      apply(incoming::join{.token = room_driver::token(i), .identity = "player"});
    }
    for (int i = 0; i < ticks; ++i) {
      apply(incoming::input{.from = player_id(1 + i % 4),
                            .kind = 0,
                            .what = troupe::make_payload(steer{i * 0.1, true})});
      if (i % 7 == 3)
        apply(incoming::input{.from = 2, .kind = 2, .what = troupe::make_payload(order{"throw"})});
      apply(incoming::tick{});
    }
  }
};

std::uint64_t steps_in(byte_view recording, recording_reader::end& ending) {
  recording_reader reader{recording};
  REQUIRE(reader.is_recording());
  std::uint64_t steps = 0;
  for (recorded_step step; reader.next(step);)
    ++steps;
  ending = reader.ending();
  return steps;
}

} // namespace

TEST_CASE("recording: replays with the same hash after every tick", "[game][recording]") {
  recorded_room room;
  room.play(200);
  replay again{room.kind, room.recording};
  REQUIRE(again.problem().empty());
  again.run();
  CHECK(again.ticks() == 200);
  CHECK(!again.first_difference());
  CHECK(again.ending() == recording_reader::end::whole);
  CHECK(again.room().snapshot() == room.core.snapshot());
}

TEST_CASE("recording: a replay stops at a tick, and goes on", "[game][recording]") {
  recorded_room room;
  room.play(50);
  replay again{room.kind, room.recording};
  again.run(20);
  CHECK(again.room().tick() == 20);
  CHECK(static_cast<arena&>(again.room().user()).ships.size() == 4);
  again.run();
  CHECK(again.room().tick() == 50);
}

TEST_CASE("recording: names the first tick that came out differently", "[game][recording]") {
  recorded_room room;
  room.play(30);
  bytes changed;
  recorder to{[&](byte_view more) { changed.insert(changed.end(), more.begin(), more.end()); },
              room.kind};
  recording_reader reader{room.recording};
  for (recorded_step step; reader.next(step);) {
    for (auto& each : step.entries) {
      if (auto* const input = std::get_if<incoming::input>(&each.what); input && step.tick == 12)
        input->what = troupe::make_payload(steer{99, true});
      to.entered(each);
    }
    to.ticked(step.tick, step.hash);
  }
  replay again{room.kind, changed};
  again.run();
  CHECK(again.ticks() == 30);
  CHECK(again.first_difference() == 12U);
}

TEST_CASE("recording: begins with a snapshot where a room is already running",
          "[game][recording]") {
  recorded_room room;
  room.play(40);
  bytes second;
  room.to = recorder{[&](byte_view more) { second.insert(second.end(), more.begin(), more.end()); },
                     room.kind, room.core.snapshot()};
  for (int i = 0; i < 10; ++i)
    room.apply(incoming::tick{});
  replay again{room.kind, second};
  again.run();
  CHECK(again.ticks() == 10);
  CHECK(again.room().tick() == 50);
  CHECK(!again.first_difference());
}

TEST_CASE("recording: is readable up to the last whole record, wherever it ends",
          "[game][recording]") {
  recorded_room room;
  room.play(12);
  const byte_view all = room.recording;
  recording_reader::end ending{};
  std::uint64_t steps = 0;
  for (std::size_t size = 0; size <= all.size(); ++size) {
    if (!recording_reader{all.first(size)}.is_recording())
      continue;
    const auto now = steps_in(all.first(size), ending);
    CHECK((now == steps || now == steps + 1));
    CHECK((now == steps ? ending == recording_reader::end::torn || now == 0
                        : ending == recording_reader::end::whole));
    steps = now;
  }
  CHECK(steps == 12);
}

TEST_CASE("recording: no damage goes unnoticed", "[game][recording]") {
  recorded_room room;
  room.play(12);
  random_source numbers{13};
  for (int i = 0; i < 3'000; ++i) {
    auto damaged = room.recording;
    const auto at = numbers.below(static_cast<std::uint32_t>(damaged.size()));
    damaged[at] ^= static_cast<std::byte>(1 + numbers.below(255));
    recording_reader reader{damaged};
    if (!reader.is_recording())
      continue;
    recording_reader::end ending{};
    CHECK(steps_in(damaged, ending) < 12);
    CHECK(ending != recording_reader::end::whole);
  }
}

TEST_CASE("recording: stays within its bytes", "[game][recording]") {
  recorded_room room{2'000};
  room.play(200);
  CHECK(room.to.is_full());
  CHECK(room.recording.size() <= 2'000);
  recording_reader::end ending{};
  CHECK(steps_in(room.recording, ending) > 5);
  CHECK(ending == recording_reader::end::whole);
}

TEST_CASE("recording: leaves out nothing in the middle when it is full", "[game][recording]") {
  bytes recording;
  const auto kind = make_room_kind<arena>("arena");
  recorder to{[&](byte_view more) { recording.insert(recording.end(), more.begin(), more.end()); },
              kind,
              {},
              500};
  const auto size = recording.size();
  to.entered({{}, incoming::join{.identity = std::string(500, 'x')}});
  to.ticked(1, 1);
  REQUIRE(to.is_full());
  to.ticked(2, 2);
  CHECK(recording.size() == size);
}

TEST_CASE("recording: says why it cannot be replayed", "[game][recording]") {
  recorded_room room;
  room.play(5);
  CHECK(!replay{room.kind, {}}.problem().empty());
  CHECK(!replay{room.kind, byte_view{room.recording}.first(20)}.problem().empty());
  auto other = room.kind;
  other.name = "other";
  CHECK(replay{other, room.recording}.problem().find("\"arena\"") != std::string::npos);
  other = room.kind;
  other.inputs.pop_back();
  CHECK(!replay{other, room.recording}.problem().empty());
}
