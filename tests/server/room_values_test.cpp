#include "server/room_values.hpp"

#include "troupe/arguments.hpp"
#include "troupe/game/room_values.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::game;

namespace {

/// What the server reads of what a client sends.
room_request through_the_wire(const room_request& wanted) {
  auto read = unpack_args<std::tuple<room_request>>(to_payload(wanted));
  REQUIRE(read);
  return std::get<0>(*std::move(read));
}

} // namespace

TEST_CASE("room values: a request arrives as it was meant", "[server][game]") {
  const room_request wanted{.kind = "arena",
                            .filter = {{"level", 3, comparison::at_least},
                                       {"level", 9, comparison::less},
                                       {"mode", "ctf"}},
                            .sort = {{"level", true}, {"name"}},
                            .seats = 4,
                            .options = make_payload(std::string{"big"}),
                            .metadata = {{"map", "moon"}, {"ranked", true}, {"pace", 1.5}},
                            .is_private = true,
                            .password = "open"};
  const auto read = through_the_wire(wanted);
  CHECK(read.kind == "arena");
  REQUIRE(read.filter.size() == 3);
  CHECK(fits({{"level", 3}, {"mode", "ctf"}}, read.filter));
  CHECK_FALSE(fits({{"level", 9}, {"mode", "ctf"}}, read.filter));
  CHECK_FALSE(fits({{"level", 2}, {"mode", "ctf"}}, read.filter));
  CHECK_FALSE(fits({{"level", 5}, {"mode", "dm"}}, read.filter));
  REQUIRE(read.sort.size() == 2);
  CHECK(read.sort[0].key == "level");
  CHECK(read.sort[0].descending);
  CHECK_FALSE(read.sort[1].descending);
  CHECK(read.seats == 4);
  CHECK(read.options.bytes == wanted.options.bytes);
  CHECK(read.metadata == wanted.metadata);
  CHECK(read.is_private);
  CHECK(read.password == "open");
}

TEST_CASE("room values: what is left out is as it would be anyway", "[server][game]") {
  const room_request wanted{.kind = "arena"};
  CHECK(to_payload(wanted).bytes.size() < 16);
  const auto read = through_the_wire(wanted);
  CHECK(read.seats == 1);
  CHECK(read.filter.empty());
  CHECK(read.options.bytes.empty());
  CHECK_FALSE(read.is_private);
}

TEST_CASE("room values: listings and their changes come back", "[server][game]") {
  const listing room{.id = "r1",
                     .kind = "arena",
                     .players = 3,
                     .max_players = 8,
                     .is_locked = true,
                     .has_password = false,
                     .metadata = {{"level", 3}, {"mode", "ctf"}}};
  const auto all = unpack_args<std::tuple<std::vector<listing>>>(to_payload(std::vector{room}));
  REQUIRE(all);
  const auto& back = std::get<0>(*all).at(0);
  CHECK(back.id == "r1");
  CHECK(back.players == 3);
  CHECK(back.max_players == 8);
  CHECK(back.is_locked);
  CHECK(back.metadata == room.metadata);
  const auto news = unpack_args<std::tuple<lobby_changes>>(
      to_payload(lobby_changes{.present = {room}, .gone = {"r2"}}));
  REQUIRE(news);
  CHECK(std::get<0>(*news).present.at(0).kind == "arena");
  CHECK(std::get<0>(*news).gone == std::vector<std::string>{"r2"});
}

TEST_CASE("room values: listings that are none are refused by their member", "[server][game]") {
  const auto bad = make_payload(std::map<std::string, std::string>{{"players", "many"}});
  const auto read = unpack_args<std::tuple<listing>>(bad);
  REQUIRE_FALSE(read);
  CHECK(read.error().text.find("member players") != std::string::npos);
  CHECK_FALSE(unpack_args<std::tuple<listing>>(make_payload(7)));
  CHECK(unpack_args<std::tuple<listing>>(make_payload(std::map<std::string, int>{{"new", 7}})));
}
