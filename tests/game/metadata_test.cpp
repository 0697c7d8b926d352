#include "troupe/game/metadata.hpp"

#include "tests/support/catch.hpp"

#include <cmath>

using namespace troupe::game;

TEST_CASE("metadata_value: numbers compare with numbers, all else with its kind",
          "[game][metadata]") {
  CHECK(metadata_value{3} == metadata_value{3.0});
  CHECK(metadata_value{3}.compare(3.5) == -1);
  CHECK(metadata_value{std::uint8_t{200}}.compare(199) == 1);
  CHECK(metadata_value{9'007'199'254'740'993}.compare(9'007'199'254'740'992) == 1);
  CHECK(metadata_value{"b"}.compare("a") == 1);
  CHECK(metadata_value{true}.compare(false) == 1);
  CHECK(!metadata_value{true}.compare(1));
  CHECK(!metadata_value{"1"}.compare(1));
  CHECK(!metadata_value{std::nan("")}.compare(std::nan("")));
  CHECK(!metadata_value{std::nan("")}.compare(1));
}

TEST_CASE("fits: each comparison does what it says", "[game][metadata]") {
  const metadata room{{"level", 5}, {"mode", "ctf"}};
  const auto holds = [&](comparison how, metadata_value value) {
    return fits(room, {{"level", std::move(value), how}});
  };
  CHECK((holds(comparison::equal, 5) && !holds(comparison::equal, 4)));
  CHECK((holds(comparison::not_equal, 4) && !holds(comparison::not_equal, 5)));
  CHECK((holds(comparison::less, 6) && !holds(comparison::less, 5)));
  CHECK((holds(comparison::at_most, 5) && !holds(comparison::at_most, 4)));
  CHECK((holds(comparison::greater, 4) && !holds(comparison::greater, 5)));
  CHECK((holds(comparison::at_least, 5) && !holds(comparison::at_least, 6)));
  CHECK(holds(comparison::not_equal, "5"));
  CHECK(!holds(comparison::at_least, "5"));
}

TEST_CASE("fits: all conditions must hold, and the keys be there", "[game][metadata]") {
  const metadata room{{"level", 5}, {"mode", "ctf"}};
  CHECK(fits(room, {}));
  CHECK(fits(room, {{"level", 5}, {"mode", "ctf"}}));
  CHECK(!fits(room, {{"level", 5}, {"mode", "duel"}}));
  CHECK(!fits(room, {{"map", "moon", comparison::not_equal}}));
  CHECK(metadata_for({{"level", 5}, {"mode", "ctf", comparison::not_equal}}).size() == 1);
}
