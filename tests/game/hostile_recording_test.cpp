// Records whose checksums are right and whose contents are not.
#include "game/replay.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/room_driver.hpp"

using namespace troupe::game;
using namespace troupe::test;
using troupe::byte_view;

namespace {

template <class Number>
Number any(random_source& numbers) {
  return static_cast<Number>(numbers.below(3) == 0 ? numbers.bits64() : numbers.below(6));
}

entry::type any_entry(random_source& numbers) {
  const auto token = room_driver::token(numbers.below(30));
  switch (numbers.below(11)) {
  case 0:
    return incoming::create{.seed = any<std::uint64_t>(numbers)};
  case 1:
    return incoming::reserve{token};
  case 2:
    return incoming::release{token};
  case 3:
    return incoming::join{.token = token, .options = {{std::byte{0xC1}}, {}}};
  case 4:
    return incoming::leave{any<player_id>(numbers), any<leave_reason>(numbers)};
  case 5:
    return incoming::drop{any<player_id>(numbers)};
  case 6:
    return incoming::reconnect{any<player_id>(numbers)};
  case 7:
    return incoming::input{
        .from = any<player_id>(numbers),
        .tick = any<std::uint64_t>(numbers),
        .sequence = any<std::uint64_t>(numbers),
        .kind = any<std::uint32_t>(numbers),
        .what = {{std::byte{0x91}, any<std::byte>(numbers)}, any<troupe::content_kind>(numbers)}};
  case 8:
    return incoming::pressure{any<player_id>(numbers), numbers.below(2) == 0};
  default:
    return incoming::tick{};
  }
}

} // namespace

TEST_CASE("replay: survives recordings that make no sense", "[game][replay]") {
  random_source numbers{19};
  std::uint64_t ticks = 0;
  for (int round = 0; round < 400; ++round) {
    const auto kind = make_room_kind<arena>("arena", {.max_players = 1 + numbers.below(4)});
    std::vector<std::byte> recording;
    recorder to{
        [&](byte_view more) { recording.insert(recording.end(), more.begin(), more.end()); }, kind};
    to.entered({{}, incoming::create{}});
    for (int i = 0; i < 200; ++i) {
      to.entered({any<std::chrono::milliseconds>(numbers), any_entry(numbers)});
      if (numbers.below(5) == 0)
        to.ticked(any<std::uint64_t>(numbers), any<std::uint64_t>(numbers));
    }
    to.finish();
    replay again{kind, recording};
    again.run();
    ticks += again.room().tick();
    CHECK(again.entries() == 201);
    CHECK(again.first_difference());
  }
  CHECK(ticks > 1'000);
}
