#include "troupe/game/rooms.hpp"

#include "tests/integration/support/game_client.hpp"
#include "tests/integration/support/http_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pond.hpp"

#include <chrono>
#include <map>
#include <thread>

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

void add_ponds(server& to) {
  to.rooms("/game").define<pond>(
      "pond", {.max_players = 2, .tick_rate = 100, .patch_rate = 50, .empty_time = 50ms});
  to.rooms("/game").endpoint().authorize([](const request& asked) {
    return asked.header("X-Banned") ? authorization::refuse(401, "You are banned.")
                                    : authorization::accept("ann");
  });
}

config with_stats(bool is_on) {
  auto settings = quick_config();
  settings.room_stats = is_on;
  return settings;
}

/// A player that has swum, so that something came in and goes out.
struct swimming {
  explicit swimming(std::uint16_t port) : ann{port} {
    seats_ = ann.reserve("rooms.create", std::map<std::string, std::string>{{"kind", "pond"}});
    const auto joined = ann.try_join(seats_.room, seats_.tokens.at(0), "ann");
    REQUIRE(joined->op == protocol::operation::joined);
    room = joined->room;
    ann.client.publish(room, "state.begin");
    ann.client.publish(room, "swim", swim{5});
  }

  game_client ann;
  std::uint64_t room = 0;
  seats seats_;
};

/// Figures are published twice per second.
template <class Predicate>
bool comes_true(Predicate is_so) {
  for (const auto end = std::chrono::steady_clock::now() + 10s;
       !is_so() && std::chrono::steady_clock::now() < end;)
    std::this_thread::sleep_for(5ms);
  return is_so();
}

} // namespace

TEST_CASE("room stats: a room's figures can be read on any thread, until it is gone",
          "[integration][room_stats]") {
  running_server server{quick_config(), add_ponds};
  auto& rooms = server->rooms("/game");
  CHECK(rooms.stats().empty());
  {
    swimming one{server.port()};
    const auto has_played = [&] {
      const auto all = rooms.stats();
      return all.size() == 1 && all[0]->players == 1 && all[0]->costs.bytes_in > 0
             && all[0]->costs.bytes_out > 0 && all[0]->costs.ticks() > 10;
    };
    CHECK(comes_true(has_played));
    const auto all = rooms.stats();
    REQUIRE(all.size() == 1);
    CHECK(all[0]->room == one.seats_.room);
    CHECK(all[0]->kind == "pond");
    CHECK(all[0]->costs.cpu > 0ns);
    CHECK(all[0]->costs.tick_jitter.count() > 10);
    one.ann.client.leave(one.room);
    CHECK(comes_true([&] { return rooms.stats().empty(); }));
  }
}

TEST_CASE("room stats: operators read them by HTTP if that is switched on",
          "[integration][room_stats]") {
  const running_server silent{with_stats(false), add_ponds};
  CHECK(ask_http(silent.port(), get("/game/stats")).status == 404);
  const running_server server{with_stats(true), add_ponds};
  CHECK(ask_http(server.port(), get("/game/stats")).body == R"({"rooms":[],"kinds":[]})");
  const swimming one{server.port()};
  const auto shown = ask_http(server.port(), get("/game/stats"));
  CHECK(shown.status == 200);
  CHECK(shown.field("Content-Type") == "application/json");
  CHECK(text_of(shown.body, "id") == one.seats_.room);
  CHECK(ask_http(server.port(), get("/game/stats", "X-Banned: yes\r\n")).status == 401);
  CHECK(ask_http(server.port(), post("/game/stats", "{}")).status == 405);
  CHECK(ask_http(server.port(), get("/rooms/stats")).status == 404);
}

} // namespace troupe::test
