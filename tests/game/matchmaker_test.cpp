#include "game/matchmaker.hpp"

#include "troupe/game/random.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

using namespace troupe::game;
using std::chrono::milliseconds;
using ids = std::vector<std::uint64_t>;

TEST_CASE("matchmaker: puts the nearest ratings together, the oldest first", "[game][matchmaker]") {
  matchmaker queue{match_rules{}};
  queue.add({1, 1, 1'000}, milliseconds{0});
  queue.add({2, 1, 1'040}, milliseconds{0});
  queue.add({3, 1, 1'010}, milliseconds{0});
  queue.add({4, 1, 2'000}, milliseconds{0});
  const auto made = queue.run(milliseconds{0});
  REQUIRE(made.size() == 1);
  CHECK(made[0].teams == std::vector<ids>{{1}, {3}});
  CHECK(made[0].players == 2);
  CHECK(queue.waiting() == 2);
}

TEST_CASE("matchmaker: bands widen while both wait", "[game][matchmaker]") {
  matchmaker queue{{.band = 50, .band_per_second = 10, .widest_band = 100}};
  queue.add({1, 1, 0}, milliseconds{0});
  queue.add({2, 1, 90}, milliseconds{1'000});
  CHECK(queue.run(milliseconds{4'999}).empty());
  CHECK(queue.run(milliseconds{4'000 + 999}).empty()); // the first one would take it
  CHECK(queue.run(milliseconds{5'000}).size() == 1);
  queue.add({3, 1, 0}, milliseconds{0});
  queue.add({4, 1, 101}, milliseconds{0});
  CHECK(queue.run(std::chrono::hours{1}).empty());
}

TEST_CASE("matchmaker: groups stay in one team", "[game][matchmaker]") {
  matchmaker queue{{.teams = 2, .team_size = 3}};
  queue.add({1, 2, 0}, milliseconds{0});
  queue.add({2, 2, 1}, milliseconds{0});
  queue.add({3, 2, 2}, milliseconds{0});
  CHECK(queue.run(milliseconds{0}).empty()); // 2 + 2 + 2 players, but not 3 + 3
  queue.add({4, 1, 30}, milliseconds{0});
  queue.add({5, 1, 31}, milliseconds{0});
  const auto made = queue.run(milliseconds{0});
  REQUIRE(made.size() == 1);
  CHECK(made[0].teams == std::vector<ids>{{1, 4}, {2, 5}});
  CHECK(queue.waiting() == 1);
}

TEST_CASE("matchmaker: starts with fewer after a while, if that is allowed", "[game][matchmaker]") {
  matchmaker queue{
      {.teams = 2, .team_size = 4, .fill_after = milliseconds{10'000}, .least_players = 4}};
  for (std::uint64_t id = 1; id <= 3; ++id)
    queue.add({id, 1, 0}, milliseconds{0});
  CHECK(queue.run(milliseconds{10'000}).empty());
  queue.add({4, 1, 0}, milliseconds{10'000});
  CHECK(queue.run(milliseconds{9'999}).empty());
  const auto made = queue.run(milliseconds{10'000});
  REQUIRE(made.size() == 1);
  CHECK(made[0].players == 4);
  CHECK(made[0].teams[0].size() == 2);
  CHECK(queue.waiting() == 0);
}

TEST_CASE("matchmaker: refuses tickets that could never match", "[game][matchmaker]") {
  matchmaker queue{{.teams = 2, .team_size = 2}};
  CHECK(!queue.add({1, 3, 0}, milliseconds{0}));
  CHECK(!queue.add({1, 0, 0}, milliseconds{0}));
  CHECK(!queue.add({1, 1, std::nan("")}, milliseconds{0}));
  CHECK(!queue.add({1, 1, std::numeric_limits<double>::infinity()}, milliseconds{0}));
  CHECK(queue.add({1, 1, 0}, milliseconds{0}));
  CHECK(!queue.add({1, 1, 0}, milliseconds{0}));
  CHECK(queue.cancel(1));
  CHECK(!queue.cancel(1));
  CHECK(queue.run(milliseconds{0}).empty());
}

TEST_CASE("matchmaker: every ticket is matched once, and only as the rules allow",
          "[game][matchmaker]") {
  const match_rules rules{.teams = 2, .team_size = 4, .band = 40, .band_per_second = 20};
  matchmaker queue{rules};
  random_source numbers{31};
  std::map<std::uint64_t, ticket> tickets;
  std::set<std::uint64_t> placed;
  milliseconds now{0};
  std::uint64_t next = 0;
  for (int step = 0; step < 600; ++step) {
    now += milliseconds{100};
    for (auto arrivals = numbers.below(6); arrivals > 0; --arrivals) {
      const ticket who{++next, 1 + numbers.below(4), numbers.between(0.0, 1'000.0)};
      tickets[who.id] = who;
      REQUIRE(queue.add(who, now));
    }
    for (const auto& made : queue.run(now)) {
      REQUIRE(made.teams.size() == 2);
      CHECK(made.players == 8);
      for (const auto& team : made.teams) {
        std::uint32_t players = 0;
        for (const auto id : team) {
          REQUIRE(placed.insert(id).second);
          players += tickets[id].size;
          CHECK(std::abs(tickets[id].rating - tickets[made.teams[0][0]].rating) <= 1'000);
        }
        CHECK(players == 4);
      }
    }
    REQUIRE(placed.size() + queue.waiting() == tickets.size());
  }
  for (int minute = 1; minute <= 3; ++minute)
    for (const auto& made : queue.run(now + std::chrono::minutes{minute}))
      for (const auto& team : made.teams)
        placed.insert(team.begin(), team.end());
  std::map<std::uint32_t, int> left; // by size: nobody waits who could form a match among equals
  for (const auto& [id, each] : tickets)
    left[each.size] += placed.contains(id) ? 0 : 1;
  CHECK(left[1] < 8);
  CHECK(left[2] < 4);
  CHECK(left[4] < 2);
}

TEST_CASE("matchmaker: a long queue is tried in turns", "[game][matchmaker]") {
  matchmaker queue{{.teams = 1, .team_size = 2, .band = 1, .band_per_second = 0}};
  for (std::uint64_t id = 1; id <= 9; ++id)
    queue.add({id, 1, static_cast<double>(id) * 100}, milliseconds{0});
  queue.add({10, 1, 900}, milliseconds{0});
  CHECK(queue.run(milliseconds{0}, 4).empty());
  CHECK(queue.run(milliseconds{0}, 4).empty());
  CHECK(queue.run(milliseconds{0}, 4).size() == 1);
  queue.add({11, 1, 100}, milliseconds{0});
  CHECK(queue.run(milliseconds{0}, 4).size() == 1); // begins with the oldest again
}
