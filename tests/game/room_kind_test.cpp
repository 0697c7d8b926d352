#include "troupe/game/room_kind.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_arena.hpp"

using namespace troupe::game;
using troupe::test::arena;

namespace {

namespace other {
struct steer {};
BOOST_DESCRIBE_STRUCT(steer, (), ())
} // namespace other

class confused : public room {
public:
  using inputs = typed<troupe::test::steer, other::steer>;
  auto saved() { return std::tie(); }
  void on_input(player&, const troupe::test::steer&) {}
  void on_input(player&, const other::steer&) {}
};

class quiet : public room {
public:
  auto saved() { return std::tie(); }
};

} // namespace

TEST_CASE("room_kind: lists inputs and timers by the names of their types", "[game][room_kind]") {
  const auto kind = make_room_kind<arena>("arena", {.max_players = 4});
  REQUIRE(kind.inputs.size() == 3);
  CHECK(kind.inputs[0].name == "steer");
  CHECK(kind.inputs[2].name == "order");
  REQUIRE(kind.timers.size() == 1);
  CHECK(kind.timers[0].name == "respawn");
  CHECK(kind.options.max_players == 4);
  CHECK(make_room_kind<quiet>("quiet").inputs.empty());
}

TEST_CASE("room_kind: two inputs of one name are refused", "[game][room_kind]") {
  CHECK_THROWS_AS(make_room_kind<confused>("confused"), std::invalid_argument);
}

TEST_CASE("room_kind: options out of their range are refused", "[game][room_kind]") {
  using std::chrono::milliseconds;
  for (const room_options& each :
       {room_options{.max_players = 0}, room_options{.max_players = 10'001},
        room_options{.tick_rate = 0}, room_options{.tick_rate = 10, .patch_rate = 11},
        room_options{.reservation = milliseconds{-1}},
        room_options{.empty_time = std::chrono::hours{24 * 400}},
        room_options{.queued_inputs = 4, .inputs_per_tick = 5}, room_options{.snapshot_every = 0}})
    CHECK_THROWS_AS(make_room_kind<quiet>("quiet", each), std::invalid_argument);
}

TEST_CASE("room_options: patches are spread evenly over the ticks", "[game][room_kind]") {
  const room_options options{.tick_rate = 30, .patch_rate = 20};
  int due = 0;
  for (std::uint64_t tick = 1; tick <= 3'000; ++tick) {
    due += is_patch_due(options, tick) ? 1 : 0;
    CHECK((is_patch_due(options, tick) || is_patch_due(options, tick + 1)));
  }
  CHECK(due == 2'000);
}
