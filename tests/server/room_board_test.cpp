#include "server/room_board.hpp"

#include "troupe/json.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using namespace troupe::game;

namespace {

const std::chrono::steady_clock::time_point now{1h};

room_stats figures(std::string room, std::string kind) {
  room_stats result{.room = std::move(room),
                    .kind = std::move(kind),
                    .players = 3,
                    .costs = {},
                    .measured_at = now - 250ms};
  result.costs.cpu = 1500us;
  result.costs.bytes_in = 7;
  result.costs.bytes_out = 70;
  result.costs.lost_ticks = 2;
  result.costs.overruns = 1;
  for (int i = 0; i < 10; ++i)
    result.costs.tick_duration.record(16us);
  result.costs.tick_jitter.record(31us);
  return result;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("room_board: keeps the newest figures of each room", "[server][room_board]") {
  room_board board;
  board.pin(figures("b", "arena"));
  board.pin(figures("a", "arena"));
  const auto before = board.all();
  auto newer = figures("b", "arena");
  newer.players = 4;
  board.pin(newer);
  const auto all = board.all();
  REQUIRE(all.size() == 2);
  CHECK(all[0]->room == "a");
  CHECK(all[1]->players == 4);
  CHECK(before[1]->players == 3); // what was read stays as it was
  board.take_down("a");
  board.take_down("nobody");
  CHECK(board.all().size() == 1);
}

TEST_CASE("room_board: figures are JSON for operators", "[server][room_board]") {
  room_board board;
  CHECK(to_json(board.all(), now) == R"({"rooms":[],"kinds":[]})");
  board.pin(figures("a", "arena"));
  board.pin(figures("b\"\n", "arena"));
  board.pin(figures("c", "lobby"));
  const auto text = to_json(board.all(), now);
  REQUIRE(troupe::json_to_msgpack(text));
  CHECK(has(text, R"({"players":3,"ticks":10,"lost_ticks":2,"overruns":1,"cpu_us":1500,)"
                  R"("bytes_in":7,"bytes_out":70,"tick_us":{"p50":16,"p99":16,"p999":16,"max":16},)"
                  R"("late_us":{"p50":31,"p99":31,"p999":31,"max":31},)"
                  R"("id":"a","kind":"arena","age_ms":250})"));
  CHECK(has(text, R"("id":"b\"\n")"));
  CHECK(has(text, R"({"players":6,"ticks":20,"lost_ticks":4,)"));
  CHECK(has(text, R"("kind":"arena","rooms":2})"));
  CHECK(has(text, R"("kind":"lobby","rooms":1}]})"));
}
