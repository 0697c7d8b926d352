#include "troupe/game/state_mirror.hpp"

#include "tests/support/arena_state.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

using namespace troupe;
using namespace troupe::game;
using namespace troupe::test;

namespace {

state_patch make(state_publisher<battle>& publisher, const battle& state, tick_number tick,
                 tick_number since) {
  publisher.publish(state, tick);
  return *publisher.patch_since(since);
}

} // namespace

TEST_CASE("mirror: handlers hear what changed, and see the whole tick", "[game][mirror]") {
  state_publisher<battle> publisher;
  state_mirror<battle> mirror;
  std::vector<std::string> heard;
  mirror.on_value(&battle::round,
                  [&](std::uint32_t round) { heard.push_back("round " + std::to_string(round)); });
  mirror.on_entered(&battle::fighters, [&](entity_id id, const fighter& one) {
    heard.push_back("entered " + std::to_string(id) + one.name + mirror.state().title);
  });
  mirror.on_changed(&battle::fighters, [&](entity_id id, const fighter& one) {
    heard.push_back("changed " + std::to_string(id) + one.name);
  });
  mirror.on_left(&battle::fighters, [&](entity_id id, const fighter& one, bool) {
    heard.push_back("left " + std::to_string(id) + one.name);
  });
  battle state;
  REQUIRE(mirror.apply(make(publisher, state, 1, 0).view()));
  CHECK(heard == std::vector<std::string>{"round 0"});
  heard.clear();
  state.fighters[4].name = "a";
  state.title = "!";
  REQUIRE(mirror.apply(make(publisher, state, 2, 1).view()));
  CHECK(heard == std::vector<std::string>{"entered 4a!"});
  heard.clear();
  state.round = 8;
  state.fighters[4].name = "b";
  state.fighters[9].name = "c";
  REQUIRE(mirror.apply(make(publisher, state, 3, 2).view()));
  CHECK(heard == std::vector<std::string>{"round 8", "changed 4b", "entered 9c!"});
  heard.clear();
  state.fighters.erase(4);
  REQUIRE(mirror.apply(make(publisher, state, 4, 3).view()));
  CHECK(heard == std::vector<std::string>{"left 4b"});
  heard.clear();
  state.fighters.clear();
  publisher.publish(state, 5);
  REQUIRE(mirror.apply(publisher.snapshot().view()));
  CHECK(heard == std::vector<std::string>{"left 9c", "round 8"});
}

TEST_CASE("mirror: patches out of step change nothing", "[game][mirror]") {
  state_publisher<battle> publisher;
  state_mirror<battle> mirror;
  battle state;
  const auto snapshot = make(publisher, state, 1, 0);
  ++state.round;
  const auto second = make(publisher, state, 2, 1);
  ++state.round;
  const auto third = make(publisher, state, 3, 2);
  CHECK(*mirror.apply(second.view()) == mirror_outcome::out_of_step);
  CHECK(*mirror.apply(snapshot.view()) == mirror_outcome::applied);
  CHECK(*mirror.apply(third.view()) == mirror_outcome::out_of_step);
  CHECK(*mirror.apply(second.view()) == mirror_outcome::applied);
  CHECK(*mirror.apply(second.view()) == mirror_outcome::stale);
  CHECK(mirror.state().round == 1);
  CHECK(*mirror.apply(third.view()) == mirror_outcome::applied);
}

TEST_CASE("mirror: what is cut short or changed is refused or harmless", "[game][mirror]") {
  dice random{11};
  battle state;
  state_publisher<battle> publisher;
  state_mirror<battle> mirror;
  for (tick_number tick = 1; tick <= 30; ++tick) {
    play(state, random);
    const auto patch = make(publisher, state, tick, mirror.tick());
    const auto before = codes_of(mirror.state());
    for (std::size_t size = 0; size < patch.bytes->size(); ++size) {
      const auto cut = mirror.apply(patch.view().first(size));
      REQUIRE_FALSE(cut);
      REQUIRE(cut.error().code == errc::malformed_message);
      REQUIRE(cut.error().offset <= size);
    }
    REQUIRE(codes_of(mirror.state()) == before);
    for (int i = 0; i < 200; ++i) {
      auto spoilt = *patch.bytes;
      spoilt[random.below(static_cast<std::uint32_t>(spoilt.size()))] ^=
          static_cast<std::byte>(1 + random.below(255));
      state_mirror<battle> other;
      (void)other.apply(publisher.snapshot().view());
      (void)other.apply(spoilt);
    }
    REQUIRE(mirror.apply(patch.view()));
  }
}

TEST_CASE("mirror: texts that are not UTF-8 never travel", "[game][mirror]") {
  state_publisher<battle> publisher;
  state_mirror<battle> mirror;
  battle state;
  state.title = "a\xFF"
                "b";
  auto patch = *make(publisher, state, 1, 0).bytes;
  REQUIRE(mirror.apply(patch));
  CHECK(mirror.state().title == "a?b");
  auto hex = to_hex(patch);
  hex.replace(hex.find("613f62"), 6, "61ff62");
  CHECK_FALSE(mirror.apply(from_hex(hex)));
}

TEST_CASE("mirror: a moving entity takes at most eight bytes with its id", "[game][mirror]") {
  battle state;
  for (entity_id id = 0; id < 300; ++id)
    state.bullets[id * 5 + 100'000].x = static_cast<float>(id) / 4;
  state_publisher<battle> publisher;
  publisher.publish(state, 1'000);
  for (auto& [id, one] : state.bullets)
    one = {one.x + 1, one.y + 1, one.heading + 1};
  publisher.publish(state, 1'001);
  const auto bytes = publisher.patch_since(1'000)->bytes->size();
  CHECK(static_cast<double>(bytes) / 300 <= 8);
}
