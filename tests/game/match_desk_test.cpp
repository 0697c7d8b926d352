#include "game/match_desk.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/counted_tokens.hpp"

#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace troupe;
using namespace troupe::game;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

/// A desk for duels, whose rooms are "1", "2", ... with the tokens "1.0", "1.1", ...
struct duels {
  match_desk desk{test::counted_tokens()};
  milliseconds now{0};
  int rooms = 0;
  bool has_place = true;
  std::vector<match_teams> made;

  explicit duels(const match_rules& rules = {}) { desk.define("duel", rules); }

  std::string add(double rating, connection_id owner = 0, std::uint32_t size = 1) {
    const auto ticket = desk.add({"duel", rating, size}, owner, now);
    REQUIRE(ticket);
    return *ticket;
  }
  std::vector<match_desk::news> run() {
    return desk.run(now, [&](auto&, const match_teams& teams) -> std::optional<seat_reservation> {
      if (!has_place)
        return std::nullopt;
      made.push_back(teams);
      seat_reservation seats{std::to_string(++rooms), {}};
      for (const auto& team : teams.teams)
        for (const auto seat : team)
          seats.tokens.push_back(seats.room + '.' + std::to_string(seat));
      return seats;
    });
  }
};

} // namespace

TEST_CASE("match_desk: those who match get seats in one room", "[game][match_desk]") {
  duels all;
  const auto polled = all.add(1'000);
  all.add(1'010, 7);
  all.now += 100ms;
  const auto told = all.run();
  REQUIRE(told.size() == 1);
  CHECK(told[0].whom == 7);
  CHECK(told[0].made.seats.room == "1");
  CHECK(told[0].made.seats.tokens == std::vector<std::string>{"1.1"});
  CHECK(told[0].made.team == 1);
  const auto status = all.desk.look(polled, all.now);
  REQUIRE((status && status->made));
  CHECK(status->made->seats.tokens == std::vector<std::string>{"1.0"});
  CHECK(status->made->teams == 2);
  CHECK(status->waited == 100ms);
  CHECK(all.made[0].team_of(1) == 1);
  CHECK_FALSE(all.made[0].team_of(2));
}

TEST_CASE("match_desk: a group gets a token for each, in one team", "[game][match_desk]") {
  duels all{{.teams = 2, .team_size = 3}};
  all.add(0, 1, 2);
  all.add(1, 2, 3);
  all.add(2, 3, 1);
  const auto told = all.run();
  REQUIRE(told.size() == 3);
  std::set<std::string> tokens;
  std::map<connection_id, std::pair<std::size_t, std::size_t>> got; // team, tokens
  for (const auto& each : told) {
    tokens.insert(each.made.seats.tokens.begin(), each.made.seats.tokens.end());
    got[each.whom] = {each.made.team, each.made.seats.tokens.size()};
  }
  CHECK(tokens.size() == 6);
  CHECK(got[1] == std::pair<std::size_t, std::size_t>{0, 2});
  CHECK(got[2] == std::pair<std::size_t, std::size_t>{1, 3});
  CHECK(got[3] == std::pair<std::size_t, std::size_t>{0, 1});
  CHECK(all.desk.size() == 0);
}

TEST_CASE("match_desk: a ticket that nobody asks for is forgotten", "[game][match_desk]") {
  duels all;
  const auto left = all.add(0);
  const auto asked = all.add(1'000'000);
  all.now += match_desk::patience - 1ms;
  CHECK(all.desk.look(asked, all.now)->waiting == 2);
  all.now += 1ms;
  CHECK_FALSE(all.desk.look(left, all.now));
  all.run();
  CHECK(all.desk.size() == 1);
  CHECK(all.desk.look(asked, all.now)->waiting == 1);
}

TEST_CASE("match_desk: a match is kept for those who ask, for a while", "[game][match_desk]") {
  duels all;
  const auto ann = all.add(0);
  all.add(0);
  all.run();
  all.now += match_desk::kept - 1ms;
  CHECK(all.desk.look(ann, all.now)->made);
  all.now += 1ms;
  CHECK_FALSE(all.desk.look(ann, all.now));
  all.run();
  CHECK(all.desk.size() == 0);
}

TEST_CASE("match_desk: who has cancelled is matched with nobody", "[game][match_desk]") {
  duels all;
  const auto ann = all.add(0);
  all.add(0, 7);
  CHECK(all.desk.cancel(ann));
  CHECK_FALSE(all.desk.cancel(ann));
  CHECK(all.run().empty());
  CHECK(all.rooms == 0);
}

TEST_CASE("match_desk: without place for a room everybody goes on waiting", "[game][match_desk]") {
  duels all;
  all.add(0, 1);
  all.add(0, 2);
  all.has_place = false;
  CHECK(all.run().empty());
  all.has_place = true;
  CHECK(all.run().size() == 2);
}

TEST_CASE("match_desk: what can never match is refused", "[game][match_desk]") {
  duels all;
  const auto fault = [&](const match_wish& wish) { return all.desk.add(wish, 0, all.now).error(); };
  CHECK(fault({"chess", 0, 1}) == match_fault::unknown_kind);
  CHECK(fault({"duel", 0, 0}) == match_fault::bad_group);
  CHECK(fault({"duel", 0, 2}) == match_fault::bad_group);
  CHECK(fault({"duel", std::numeric_limits<double>::infinity(), 1}) == match_fault::bad_rating);
  CHECK(all.desk.size() == 0);
}

TEST_CASE("match_desk: the queue is bounded, and old tickets make room", "[game][match_desk]") {
  duels all;
  for (std::size_t i = 0; i < match_desk::most_waiting; ++i)
    all.add(static_cast<double>(i) * 1'000'000);
  CHECK(all.desk.add({"duel", 1, 1}, 0, all.now).error() == match_fault::queue_full);
  all.now += match_desk::patience;
  CHECK(all.desk.add({"duel", 1, 1}, 0, all.now));
  CHECK(all.desk.size() == 1);
}
