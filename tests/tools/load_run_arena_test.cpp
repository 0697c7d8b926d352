// Bots in the arena of a real server.
#include "troupe/server.hpp"

#include "examples/arena/arena.hpp"
#include "tests/support/catch.hpp"
#include "tools/load_run.hpp"

using namespace troupe::load;
using namespace std::chrono_literals;

namespace {

troupe::config quiet_config() {
  troupe::config made;
  made.listen = "127.0.0.1:0";
  made.threads = 1;
  return made;
}

run_result play(std::uint16_t port, std::size_t bots) {
  options settings;
  settings.what = scenario::arena;
  settings.target = {
      .secure = false, .host = "127.0.0.1", .port = std::to_string(port), .target = "/"};
  settings.connections = bots;
  settings.warmup = 100ms;
  settings.duration = 1s;
  settings.connect_timeout = 2s;
  settings.quiet = true;
  complete(settings);
  const std::atomic<bool> stop{false};
  return execute(settings, stop);
}

} // namespace

TEST_CASE("load: bots play the arena in as many rooms as they need", "[tools][load][game]") {
  troupe::server server{quiet_config()};
  arena::add_to(server);
  server.start();
  constexpr std::size_t bots = 70; // a room has 64 seats
  const auto result = play(server.port(), bots);
  CHECK(result.connections.opened == bots);
  CHECK(result.counts.sent > 8 * bots / 2);
  CHECK(result.counts.delivered > bots); // how many more depends on the machine
  CHECK(result.counts.delivered_bytes > result.counts.delivered * 20);
  CHECK(result.latency.count() > 0); // how many, too
  CHECK(result.resyncs == 0);
  CHECK(result.refusals.empty());
  CHECK(result.connections.lost == 0);
}

TEST_CASE("load: bots that find no arena are failures with a sentence", "[tools][load][game]") {
  troupe::server server{quiet_config()};
  server.rooms();
  server.start();
  const auto result = play(server.port(), 3);
  CHECK(result.ended == ending::not_connected);
  CHECK(result.connections.failed == 3);
  REQUIRE(result.connections.problems.size() == 1);
  CHECK(result.connections.problems.begin()->first.find("kind") != std::string::npos);
}
