#include "troupe/game/state_mirror.hpp"

#include "tests/support/arena_state.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::game;
using namespace troupe::test;

namespace {

constexpr std::uint32_t histories = 3'000;

void apply(state_mirror<battle>& mirror, const state_patch& patch) {
  const auto outcome = mirror.apply(patch.view());
  REQUIRE(outcome);
  REQUIRE(*outcome == mirror_outcome::applied);
  REQUIRE(mirror.tick() == patch.to);
}

} // namespace

TEST_CASE("state: patches give the exact state in random histories", "[game][state]") {
  for (std::uint32_t seed = 1; seed <= histories; ++seed) {
    CAPTURE(seed);
    dice random{seed};
    battle state;
    state_publisher<battle> publisher{{.max_removals = 1 + random.below(9)}};
    state_mirror<battle> mirror;
    for (tick_number tick = 1; tick <= 12; ++tick) {
      play(state, random);
      publisher.publish(state, tick);
      if (tick != 12 && random.one_in(3))
        continue; // a slow client: this tick's changes come with a later patch
      if (const auto patch = publisher.patch_since(mirror.tick()))
        apply(mirror, *patch);
    }
    REQUIRE(codes_of(mirror.state()) == codes_of(state));
  }
}

TEST_CASE("state: a patch does no harm to who knows more than it starts from", "[game][state]") {
  for (std::uint32_t seed = 1; seed <= histories / 3; ++seed) {
    CAPTURE(seed);
    dice random{seed};
    battle state;
    state_publisher<battle> publisher;
    state_mirror<battle> mirror;
    for (tick_number tick = 1; tick <= 9; ++tick) {
      play(state, random);
      publisher.publish(state, tick);
      const auto known = mirror.tick() - std::min<tick_number>(mirror.tick(), random.below(3));
      if (const auto patch = publisher.patch_since(known))
        apply(mirror, *patch);
      REQUIRE(codes_of(mirror.state()) == codes_of(state));
    }
  }
}

TEST_CASE("state: a snapshot replaces whatever was there", "[game][state]") {
  dice random{7};
  battle one;
  battle other;
  for (int i = 0; i < 20; ++i) {
    play(one, random);
    play(other, random);
  }
  state_publisher<battle> first;
  state_publisher<battle> second;
  first.publish(one, 9);
  second.publish(other, 2);
  state_mirror<battle> mirror;
  apply(mirror, first.snapshot());
  apply(mirror, second.snapshot());
  CHECK(codes_of(mirror.state()) == codes_of(other));
}

TEST_CASE("state: clients that know the same tick share one buffer", "[game][state]") {
  dice random{3};
  battle state;
  state_publisher<battle> publisher;
  for (tick_number tick = 1; tick <= 3; ++tick) {
    play(state, random);
    publisher.publish(state, tick);
  }
  CHECK(publisher.patch_since(1)->bytes == publisher.patch_since(1)->bytes);
  CHECK(publisher.patch_since(1)->bytes != publisher.patch_since(2)->bytes);
  CHECK_FALSE(publisher.patch_since(3));
}

TEST_CASE("state: what changes by less than a step is no news", "[game][state]") {
  battle state;
  state.bullets[1].x = 5;
  state_publisher<battle> publisher;
  publisher.publish(state, 1);
  state.bullets[1].x += 0.01F;
  publisher.publish(state, 2);
  CHECK_FALSE(publisher.patch_since(1));
  state.bullets[1].x += 0.06F;
  publisher.publish(state, 3);
  CHECK(publisher.patch_since(1));
}

TEST_CASE("state: removals longer ago than remembered make a snapshot", "[game][state]") {
  battle state;
  for (std::uint64_t id = 0; id < 9; ++id)
    state.bullets[id];
  state_publisher<battle> publisher{{.max_removals = 2}};
  for (tick_number tick = 1; tick <= 9; ++tick) {
    publisher.publish(state, tick);
    state.bullets.erase(tick);
  }
  CHECK(publisher.patch_since(1)->from == 0);
  CHECK(publisher.patch_since(8)->from == 8);
}

TEST_CASE("view: a publisher that takes over starts with a snapshot", "[game][view]") {
  const bool is_whole = GENERATE(false, true);
  battle state;
  state_mirror<battle> mirror;
  client_view view{{.radius = is_whole ? 0.0F : 50.0F}};
  const auto tell = [&](state_publisher<battle>& publisher, tick_number tick) {
    publisher.publish(state, tick);
    if (const auto patch = publisher.patch_for(view))
      REQUIRE(*mirror.apply(patch->view()) == mirror_outcome::applied);
    return mirror.tick();
  };
  state_publisher<battle> first;
  state.bullets[1].x = 3;
  CHECK(tell(first, 9) == 9);
  state.bullets.erase(1);
  state.bullets[2].x = 4;
  state_publisher<battle> second;
  CHECK(tell(second, 7) == 7);
  CHECK(codes_of(mirror.state()) == codes_of(state));
}
