#include "troupe/game/spatial_grid.hpp"

#include "tests/support/arena_state.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <limits>

using namespace troupe::game;
using troupe::test::dice;

namespace {

std::vector<std::uint32_t> brute_force(const std::vector<map_point>& points, map_point center,
                                       float radius) {
  std::vector<std::uint32_t> near;
  for (std::uint32_t i = 0; i < points.size(); ++i)
    if (squared_distance(points[i], center) <= radius * radius)
      near.push_back(i);
  return near;
}

std::vector<std::uint32_t> ask(const spatial_grid& grid, map_point center, float radius) {
  std::vector<spatial_grid::hit> hits;
  grid.find_within(center, radius, hits);
  std::vector<std::uint32_t> near;
  for (const auto& hit : hits)
    near.push_back(hit.index);
  std::ranges::sort(near);
  return near;
}

} // namespace

TEST_CASE("grid: finds what brute force finds, in 1,000,000 random checks", "[game][grid]") {
  std::size_t checks = 0;
  std::size_t found = 0;
  for (std::uint32_t seed = 1; checks < 1'000'000; ++seed) {
    CAPTURE(seed);
    dice random{seed};
    const float size = random.between(1, 2'000) * (random.one_in(9) ? 1'000.0F : 1.0F);
    std::vector<map_point> points(random.below(300));
    for (auto& each : points)
      each = {random.between(-size, size), random.between(-size, size)};
    spatial_grid grid{random.between(0.5F, size / 2)};
    grid.rebuild(points);
    for (int i = 0; i < 30; ++i) {
      const map_point center{random.between(-size, size), random.between(-size, size)};
      const float radius = random.between(0, size / (random.one_in(5) ? 1.0F : 5.0F));
      const auto expected = brute_force(points, center, radius);
      REQUIRE(ask(grid, center, radius) == expected);
      checks += points.size();
      found += expected.size();
    }
  }
  CHECK(found > 10'000);
}

TEST_CASE("grid: points on the circle and on borders of cells belong to it", "[game][grid]") {
  spatial_grid grid{10};
  const std::vector<map_point> points{{30, 0}, {-30, 0}, {0, 30}, {0, -30}, {30.001F, 0}, {0, 0}};
  grid.rebuild(points);
  CHECK(ask(grid, {0, 0}, 30) == std::vector<std::uint32_t>{0, 1, 2, 3, 5});
  CHECK(ask(grid, {0, 0}, 0) == std::vector<std::uint32_t>{5});
}

TEST_CASE("grid: numbers of any size are no danger", "[game][grid]") {
  constexpr auto infinite = std::numeric_limits<float>::infinity();
  constexpr auto none = std::numeric_limits<float>::quiet_NaN();
  constexpr auto greatest = std::numeric_limits<float>::max();
  spatial_grid grid{0};
  const std::vector<map_point> points{{none, 0}, {0, infinite}, {greatest, -greatest}, {1, 1}};
  grid.rebuild(points);
  CHECK(ask(grid, {1, 1}, 5) == std::vector<std::uint32_t>{3});
  CHECK(ask(grid, {greatest, -greatest}, 5) == std::vector<std::uint32_t>{2});
  CHECK(ask(grid, {none, 1}, 5).empty());
  CHECK(ask(grid, {1, 1}, none).empty());
  CHECK(ask(grid, {1, 1}, -1).empty());
  CHECK(ask(grid, {0, 0}, infinite) == std::vector<std::uint32_t>{2, 3});
}
