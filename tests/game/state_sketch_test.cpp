// The program of docs/states.md, with two players.
#include "troupe/game/state_json.hpp"
#include "troupe/game/state_mirror.hpp"
#include "troupe/game/state_publisher.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::game;

namespace {

enum class team { red, blue };
BOOST_DESCRIBE_ENUM(team, red, blue)

struct ship {
  ranged<0, 4095, 16> x;
  ranged<0, 4095, 16> y;
  angle<8> heading;
  bits<7> health;
  team side = team::red;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(ship, (), (x, y, heading, health, side, name))

struct arena {
  std::uint32_t round = 0;
  std::vector<std::string> log;
  std::map<std::uint32_t, ship> ships;
};
BOOST_DESCRIBE_STRUCT(arena, (), (round, log, ships))

struct player {
  std::uint32_t id = 0;
  client_view view{{.radius = 500, .hysteresis = 50, .tiers = {{250, 2}}, .bytes_per_s = 16'000}};
  state_mirror<arena> mirror;
};

} // namespace

TEST_CASE("states: two players see each other while they are near", "[game][state]") {
  arena state;
  state_publisher<arena> publisher{{.ticks_per_s = 20}};
  publisher.place(&arena::ships, [](const ship& one) { return map_point{one.x, one.y}; });
  player players[2];
  players[0].id = 1;
  players[1].id = 2;
  state.ships[1].name = "ada";
  state.ships[2].name = "bob";
  for (tick_number tick = 1; tick <= 40; ++tick) {
    state.ships[2].x += 20;
    publisher.publish(state, tick);
    for (auto& [id, view, mirror] : players) {
      const auto& own = state.ships.at(id);
      view.look_from({own.x, own.y});
      if (const auto patch = publisher.patch_for(view))
        REQUIRE(mirror.apply(patch->view()));
    }
    const bool is_near = tick * 20 <= 550;
    REQUIRE(players[0].mirror.state().ships.count(2) == (is_near ? 1U : 0U));
    REQUIRE(players[1].mirror.state().ships.count(1) == (is_near ? 1U : 0U));
  }
  CHECK(to_json(players[1].mirror.state())
        == R"({"round":0,"log":[],"ships":{"2":{"x":800,"y":0,"heading":0,"health":0,)"
           R"("side":"red","name":"bob"}}})");
}
