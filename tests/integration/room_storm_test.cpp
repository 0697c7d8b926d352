#include "troupe/game/rooms.hpp"

#include "tests/integration/support/game_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace troupe::test {

using namespace std::chrono_literals;
using protocol::operation;

namespace {

constexpr std::size_t room_size = 8;
constexpr std::size_t rooms_wanted = 30;
constexpr std::size_t crowd = room_size * rooms_wanted;

class hall : public game::room {
public:
  auto saved() { return std::tie(nothing_); }

private:
  bool nothing_ = false;
};

void add_halls(server& to) {
  to.rooms("/game").define<hall>("hall", {.max_players = room_size,
                                          .tick_rate = 50,
                                          .patch_rate = 1,
                                          .reservation = 3s, // until then all must have joined
                                          .reconnect_grace = 0ms,
                                          .empty_time = 60s});
}

using query = std::map<std::string, std::string>;

struct found_room {
  std::string id;
  std::uint32_t players = 0;
};
BOOST_DESCRIBE_STRUCT(found_room, (), (id, players))

/// Many clients that ask at the same time.
struct storm {
  running_server server{quick_config(2), add_halls};
  std::deque<game_client> clients;

  /// Each asks before the first answer is read.
  std::vector<seats> reserve(std::size_t count) {
    const auto first = clients.size();
    for (std::size_t i = 0; i < count; ++i)
      clients.emplace_back(server.port());
    for (std::size_t i = first; i < clients.size(); ++i)
      clients[i].client.ask("rooms.join_or_create", query{{"kind", "hall"}});
    std::vector<seats> got;
    for (std::size_t i = first; i < clients.size(); ++i)
      got.push_back(clients[i].client.wait_for(operation::reply).argument<seats>());
    return got;
  }
  std::vector<found_room> find() {
    game_client visitor{server.port()};
    return visitor.ask<std::vector<found_room>>("rooms.find", query{{"kind", "hall"}});
  }
  std::size_t players() {
    const auto all = find();
    return std::accumulate(
        all.begin(), all.end(), std::size_t{0},
        [](std::size_t sum, const found_room& each) { return sum + each.players; });
  }
};

std::map<std::string, std::size_t> count_by_room(const std::vector<seats>& all) {
  std::map<std::string, std::size_t> result;
  for (const auto& each : all)
    ++result[each.room];
  return result;
}

} // namespace

TEST_CASE("room storm: rooms are filled to the last seat, and never beyond",
          "[integration][room_storm]") {
  storm all;
  const auto got = all.reserve(crowd + 3);
  const auto rooms = count_by_room(got);
  CHECK(rooms.size() == rooms_wanted + 1);
  CHECK(std::ranges::count(rooms, room_size, [](auto& each) { return each.second; })
        == rooms_wanted);
  std::set<std::string> tokens;
  for (std::size_t i = 0; i < got.size(); ++i) {
    tokens.insert(got[i].tokens.at(0));
    CHECK(all.clients[i].try_join(got[i].room, got[i].tokens[0])->op == operation::joined);
  }
  CHECK(tokens.size() == got.size());
  game_client late{all.server.port()};
  for (const auto& each : got) // a token is good for one seat
    CHECK(late.try_join(each.room, each.tokens[0])->op == operation::error);
}

TEST_CASE("room storm: seats of those who never join, drop or leave are given to others",
          "[integration][room_storm]") {
  storm all;
  const auto got = all.reserve(crowd);
  std::size_t stay = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    auto& client = all.clients[i];
    if (i % 4 == 0)
      continue; // never joins
    const auto joined = client.try_join(got[i].room, got[i].tokens[0]);
    REQUIRE(joined->op == operation::joined);
    if (i % 4 == 1)
      client.client.ws().socket().reset();
    else if (i % 4 == 2)
      client.client.leave(joined->room);
    else
      ++stay;
  }
  for (int i = 0; i < 1'000 && all.players() != stay; ++i)
    std::this_thread::sleep_for(10ms);
  REQUIRE(all.players() == stay);
  const auto again = all.reserve(crowd - stay);
  CHECK(all.find().size() == rooms_wanted);
  CHECK(all.players() == crowd);
  for (const auto& [room, seats] : count_by_room(again))
    CHECK(count_by_room(got).contains(room));
}

} // namespace troupe::test
