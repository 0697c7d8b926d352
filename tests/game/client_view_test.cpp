#include "troupe/game/state_mirror.hpp"

#include "tests/support/arena_state.hpp"
#include "tests/support/catch.hpp"

#include <deque>

using namespace troupe::game;
using namespace troupe::test;

namespace {

constexpr float radius = 60;
constexpr float hysteresis = 20;

map_point place_of(const fighter& one) {
  return {one.place.x, one.place.y};
}
map_point place_of(const bullet& one) {
  return {one.x, one.y};
}
bool is_shown(const fighter& one) {
  return one.team != side::blue;
}

void place_all(state_publisher<battle>& publisher) {
  publisher.place(&battle::fighters, [](const fighter& one) { return place_of(one); });
  publisher.place(&battle::bullets, [](const bullet& one) { return place_of(one); });
}

client_view make_view(view_options options) {
  client_view view{std::move(options)};
  view.show_only(&battle::fighters, [](entity_id, const fighter& one) { return is_shown(one); });
  return view;
}

/// One client over a connection that delays patches, and that is cut now and then.
class lossy_client {
public:
  lossy_client(dice& random, view_options options)
      : random_{random}, view{make_view(std::move(options))} {}

  void send(state_publisher<battle>& publisher) {
    if (auto patch = publisher.patch_for(view))
      flying_.push_back(*patch);
    if (random_.one_in(8))
      cut();
    while (!flying_.empty() && !random_.one_in(3))
      arrive();
    if (random_.one_in(2))
      view.delivered(confirmed_ = mirror.tick());
  }

  void arrive_all() {
    while (!flying_.empty())
      arrive();
    view.delivered(mirror.tick());
  }

private:
  void arrive() {
    const auto outcome = mirror.apply(flying_.front().view());
    REQUIRE(outcome);
    REQUIRE(*outcome == mirror_outcome::applied);
    flying_.pop_front();
  }

  void cut() {
    flying_.clear();
    view.rewind(random_.one_in(2) ? mirror.tick() : confirmed_);
  }

  dice& random_;
  std::deque<state_patch> flying_;
  tick_number confirmed_ = 0;

public:
  client_view view;
  state_mirror<battle> mirror;
};

/// Leaves in `expected` what the mirror holds, and checks that it may and must hold it.
template <class M, class F>
void check_visible(M& expected, const M& seen, map_point center, F may_be_seen) {
  for (auto at = expected.begin(); at != expected.end();) {
    const auto distance = squared_distance(place_of(at->second), center);
    const bool is_seen = seen.count(at->first) > 0;
    if (is_seen)
      REQUIRE(
          (distance <= (radius + hysteresis) * (radius + hysteresis) && may_be_seen(at->second)));
    else
      REQUIRE((distance > radius * radius || !may_be_seen(at->second)));
    at = is_seen ? std::next(at) : expected.erase(at);
  }
}

void check_view(const battle& state, const lossy_client& client, map_point center) {
  auto expected = state;
  check_visible(expected.fighters, client.mirror.state().fighters, center, is_shown);
  check_visible(expected.bullets, client.mirror.state().bullets, center,
                [](const bullet&) { return true; });
  REQUIRE(codes_of(client.mirror.state()) == codes_of(expected));
}

} // namespace

TEST_CASE("view: random histories over lossy connections end in what is visible", "[game][view]") {
  for (std::uint32_t seed = 1; seed <= 1'500; ++seed) {
    CAPTURE(seed);
    dice random{seed};
    battle state;
    state_publisher<battle> publisher{{.cell_size = 25}};
    place_all(publisher);
    view_options options{.radius = radius, .hysteresis = hysteresis, .window = 4};
    if (random.one_in(2))
      options.tiers = {{10, 2}, {40, 5}};
    if (random.one_in(2))
      options.bytes_per_s = 1'500;
    lossy_client client{random, options};
    map_point center;
    for (tick_number tick = 1; tick <= 80; ++tick) {
      if (tick <= 20) {
        play(state, random);
        center = {random.between(-80, 80), random.between(-80, 80)};
        client.view.look_from(center);
      }
      publisher.publish(state, tick);
      client.send(publisher);
      if (tick > 60)
        client.arrive_all();
    }
    check_view(state, client, center);
  }
}

TEST_CASE("view: entities leave once they are beyond the hysteresis", "[game][view]") {
  battle state;
  state_publisher<battle> publisher;
  place_all(publisher);
  client_view view{{.radius = 50, .hysteresis = 10}};
  state_mirror<battle> mirror;
  tick_number tick = 0;
  const auto is_seen_at = [&](float x) {
    state.bullets[5].x = x;
    publisher.publish(state, ++tick);
    if (const auto patch = publisher.patch_for(view))
      REQUIRE(mirror.apply(patch->view()));
    return mirror.state().bullets.count(5) > 0;
  };
  CHECK_FALSE(is_seen_at(51));
  CHECK(is_seen_at(50));
  CHECK(is_seen_at(60));
  CHECK_FALSE(is_seen_at(61));
  CHECK_FALSE(is_seen_at(55));
}

TEST_CASE("view: clients know whether an entity is gone or out of view", "[game][view]") {
  battle state;
  state.bullets[1].x = 10;
  state.bullets[2].x = 20;
  state_publisher<battle> publisher;
  place_all(publisher);
  client_view view{{.radius = 50}};
  state_mirror<battle> mirror;
  std::vector<std::pair<entity_id, bool>> left;
  mirror.on_left(&battle::bullets, [&](entity_id id, const bullet& last, bool is_destroyed) {
    CHECK(last.x == static_cast<float>(id) * 10);
    left.emplace_back(id, is_destroyed);
  });
  publisher.publish(state, 1);
  REQUIRE(mirror.apply(publisher.patch_for(view)->view()));
  state.bullets.erase(1);
  state.bullets[2].x = 90;
  publisher.publish(state, 2);
  REQUIRE(mirror.apply(publisher.patch_for(view)->view()));
  CHECK(left == std::vector<std::pair<entity_id, bool>>{{1, true}, {2, false}});
}

TEST_CASE("view: clients that see the same share one buffer", "[game][view]") {
  dice random{5};
  battle state;
  for (int i = 0; i < 30; ++i)
    play(state, random);
  state_publisher<battle> publisher;
  place_all(publisher);
  std::vector<client_view> views;
  for (int i = 0; i < 3; ++i)
    views.emplace_back(view_options{.radius = 200});
  publisher.publish(state, 1);
  const auto first = publisher.patch_for(views[0]);
  CHECK(publisher.patch_for(views[1])->bytes == first->bytes);
  state.bullets[3].x += 1;
  publisher.publish(state, 2);
  const auto second = publisher.patch_for(views[0]);
  CHECK(publisher.patch_for(views[1])->bytes == second->bytes);
  CHECK(publisher.patch_for(views[2])->bytes != second->bytes);
}

TEST_CASE("view: far entities are told in every n-th patch", "[game][view]") {
  battle state;
  state_publisher<battle> publisher;
  place_all(publisher);
  client_view view{{.radius = 100, .tiers = {{40, 4}}}};
  state_mirror<battle> mirror;
  std::map<entity_id, int> told;
  mirror.on_changed(&battle::bullets, [&](entity_id id, const bullet&) { ++told[id]; });
  for (tick_number tick = 1; tick <= 41; ++tick) {
    for (entity_id id = 0; id < 8; ++id)
      state.bullets[id] = {id < 4 ? 20.0F : 60.0F, 0.0F, static_cast<float>(tick) / 9};
    publisher.publish(state, tick);
    REQUIRE(mirror.apply(publisher.patch_for(view)->view()));
  }
  for (const auto& [id, count] : told)
    CHECK(count == (id < 4 ? 40 : 10));
}

TEST_CASE("view: a full window waits, and then gets one merged patch", "[game][view]") {
  battle state;
  state_publisher<battle> publisher;
  client_view view{{.window = 2}};
  for (tick_number tick = 1; tick <= 5; ++tick) {
    ++state.round;
    publisher.publish(state, tick);
    CHECK(publisher.patch_for(view).has_value() == (tick <= 2));
  }
  view.delivered(2);
  const auto merged = publisher.patch_for(view);
  REQUIRE(merged);
  CHECK(merged->from == 2);
  CHECK(merged->to == 5);
}
