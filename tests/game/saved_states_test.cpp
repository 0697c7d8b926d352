// States that are described for synchronisation are saved from the same description.
#include "troupe/game/archive.hpp"

#include "tests/support/arena_state.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::game;

TEST_CASE("archive: a described state is saved exactly, not as it travels", "[game][archive]") {
  const troupe::test::fighter before{.name = "ann",
                                     .place = {.x = 1.2345F, .y = -50},
                                     .heading = 0.1234F,
                                     .health = 70,
                                     .team = troupe::test::side::blue,
                                     .is_alive = false,
                                     .score = -3,
                                     .wealth = 1'000'000'007,
                                     .mass = 0.1,
                                     .items = {{.kind = 2, .label = "sword"}},
                                     .spells = {{7, {.strength = 9, .runes = {1, 2, 3}}}}};
  state_writer to;
  to(before);
  troupe::test::fighter after;
  state_reader from{to.bytes()};
  REQUIRE(from(after));
  CHECK(from.is_done());
  CHECK(static_cast<float>(after.place.x) == 1.2345F);
  CHECK(static_cast<float>(after.heading) == 0.1234F);
  CHECK(after.items.at(0).label == "sword");
  state_writer again;
  again(after);
  CHECK(hash_state(again.bytes()) == hash_state(to.bytes()));
}
