// The C++ client in game rooms: time, motion, and a network that is cut.
#include "troupe/game/interpolation.hpp"

#include "tests/integration/support/pond_player.hpp"

#include <deque>

namespace troupe::test {

TEST_CASE("game client: it knows in which tick the room is", "[integration][game]") {
  pond_network net;
  pond_player ann{net.server.port()};
  ann.join("ann");
  CHECK(ann.pond->ticks_per_s() == 100);
  wait_until([&] { return ann.pond->tick() > 20; });
  const auto now = std::chrono::steady_clock::now();
  const auto tick = *ann.pond->tick_at(now);
  CHECK(tick == Approx(static_cast<double>(ann.pond->tick())).margin(20));
  CHECK(*ann.pond->tick_at(now + 1s) == Approx(tick + 100));
  CHECK(*ann.pond->server_tick(now) >= tick);
}

TEST_CASE("game client: entities are shown between their patches", "[integration][game]") {
  pond_network net;
  pond_player ann{net.server.port()};
  ann.join("ann");
  const game::interpolation swimmers{
      ann.pond, &water::swimmers, 100ms, {game::moving(&swimmer::x)}};
  const auto x_at = [&](auto when) { return swimmers.at(when).at(0).second.x; };
  wait_until([&] { return ann.x_of(1) == 0 && ann.pond->tick() > 60; });
  ann.pond->send(swim{1'000});
  wait_until([&] { return ann.x_of(1) == 1'000; });
  const auto now = std::chrono::steady_clock::now();
  CHECK(swimmers.at(now - 10s).empty());
  CHECK(x_at(now - 200ms) == 0);
  CHECK(x_at(now + 1s) == 1'000);
  std::int32_t last = 0;
  int between = 0;
  for (auto when = now - 200ms; when < now + 200ms; when += 5ms) {
    const auto x = x_at(when);
    CHECK(x >= last);
    between += x > 0 && x < 1'000 ? 1 : 0;
    last = x;
  }
  CHECK(between > 10); // it took the delay, not a moment
}

TEST_CASE("game client: cuts cost nothing, and all see the same", "[integration][game][resume]") {
  pond_network net;
  std::deque<pond_player> all;
  const std::vector<std::string> names{"ann", "bob", "cleo", "dora"};
  for (const auto& name : names)
    all.emplace_back(net.relay.port()).join(name);
  net.relay.cut_within(3'000);
  net.relay.cut_all();
  constexpr int rounds = 300;
  for (int i = 0; i < rounds; ++i) {
    for (auto& each : all)
      CHECK(each.pond->send(swim{1}) != 0);
    std::this_thread::sleep_for(5ms);
  }
  net.relay.cut_within(0);
  for (auto& each : all)
    for (game::player_id who = 1; who <= all.size(); ++who)
      wait_until([&] { return each.x_of(who) == rounds; });
  CHECK(net.relay.cuts() > 2 * all.size());
  for (auto& each : all) {
    CHECK(each.pond->is_in());
    CHECK(each.log.size() == 0);
    std::vector<std::string> seen;
    each.pond->read([&](const water& now) {
      for (const auto& [id, who] : now.swimmers)
        seen.push_back(who.name);
    });
    CHECK(seen == names);
  }
}

TEST_CASE("game client: without a session a seat is lost with the connection",
          "[integration][game]") {
  pond_network net;
  mailbox<room_change::reason> left;
  pond_player ann{net.relay.port(), false};
  ann.join("ann");
  ann.pond->on_left([&](room_change::reason why) { left.put(why); });
  net.relay.cut_all();
  CHECK(left.take() == room_change::reason::refused); // it has tried
  CHECK_FALSE(ann.pond->is_in());
  wait_until([&] { return ann.connection.is_open(); });
  ann.join("ann again"); // the client goes on
  wait_until([&] { return ann.x_of(ann.pond->player()) == 0; });
}

} // namespace troupe::test
