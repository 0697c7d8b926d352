#include "troupe/game/state_mirror.hpp"

#include "tests/support/arena_state.hpp"
#include "tests/support/catch.hpp"

#include <cmath>

using namespace troupe::game;
using namespace troupe::test;

namespace {

constexpr std::size_t rate = 16'000;
constexpr tick_number ticks_per_s = 20;
constexpr std::size_t overhead = 12;

/// 300 bullets that fly in circles; all of them change in every tick.
void fly(battle& state, tick_number tick) {
  for (entity_id id = 0; id < 300; ++id) {
    const auto turn = static_cast<float>(id + tick) / 7;
    const auto far = static_cast<float>(id) / 4;
    state.bullets[id * 3] = {far * std::cos(turn), far * std::sin(turn), turn};
  }
}

struct measurement {
  std::size_t bytes = 0;
  std::size_t most_at_once = 0;
  tick_number longest_wait = 0;
  std::map<entity_id, std::size_t> told;
};

measurement measure(view_options options, tick_number ticks) {
  battle state;
  state_publisher<battle> publisher{{.ticks_per_s = ticks_per_s}};
  publisher.place(&battle::bullets, [](const bullet& one) { return map_point{one.x, one.y}; });
  client_view view{std::move(options)};
  state_mirror<battle> mirror;
  measurement found;
  std::map<entity_id, tick_number> last;
  const auto hear = [&](entity_id id, const bullet&) {
    last[id] = mirror.tick();
    ++found.told[id];
  };
  mirror.on_entered(&battle::bullets, hear);
  mirror.on_changed(&battle::bullets, hear);
  for (tick_number tick = 1; tick <= ticks; ++tick) {
    fly(state, tick);
    publisher.publish(state, tick);
    if (const auto patch = publisher.patch_for(view)) {
      REQUIRE(mirror.apply(patch->view()));
      found.bytes += patch->bytes->size() + overhead;
      found.most_at_once = std::max(found.most_at_once, patch->bytes->size() + overhead);
    }
    for (entity_id id = 0; id < 300; ++id)
      found.longest_wait = std::max(found.longest_wait, tick - last[id * 3]);
  }
  return found;
}

} // namespace

TEST_CASE("budget: 16 kB/s hold within 5 %, and nobody waits for a second", "[game][budget]") {
  constexpr tick_number seconds = 30;
  const auto found =
      measure({.radius = 100, .bytes_per_s = rate, .overhead = overhead}, seconds * ticks_per_s);
  CHECK(std::abs(static_cast<double>(found.bytes) / (rate * seconds) - 1) < 0.05);
  CHECK(found.longest_wait <= ticks_per_s);
  CHECK(found.most_at_once <= rate / ticks_per_s * 2);
}

TEST_CASE("budget: what is near is told more often", "[game][budget]") {
  const auto found = measure({.radius = 100, .bytes_per_s = rate}, 400);
  CHECK(found.told.at(3) > found.told.at(897) * 3 / 2);
  CHECK(found.told.at(897) >= 20);
}

TEST_CASE("budget: enough of it changes nothing", "[game][budget]") {
  const auto found = measure({.radius = 100, .bytes_per_s = 100'000}, 100);
  CHECK(found.longest_wait <= 1);
}
