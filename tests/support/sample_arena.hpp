#pragma once
#include "troupe/game/room_kind.hpp"

#include <map>
#include <stdexcept>
#include <string>

namespace troupe::test {

struct steer {
  double angle = 0;
  bool thrust = false;
};
BOOST_DESCRIBE_STRUCT(steer, (), (angle, thrust))

struct fire {
  std::uint32_t shots = 1;
};
BOOST_DESCRIBE_STRUCT(fire, (), (shots))

/// Makes the room do something out of the ordinary: "throw", "refuse", "kick", "close", "lock".
struct order {
  std::string what;
};
BOOST_DESCRIBE_STRUCT(order, (), (what))

struct respawn {
  game::player_id who = 0;
};
BOOST_DESCRIBE_STRUCT(respawn, (), (who))

struct ship {
  double x = 0;
  double y = 0;
  double angle = 0;
  bool thrust = false;
  std::uint32_t shots = 0;
  std::uint32_t lives = 0;
};
BOOST_DESCRIBE_STRUCT(ship, (), (x, y, angle, thrust, shots, lives))

/// A small game that uses everything that a room can.
class arena : public game::room {
public:
  using inputs = game::typed<steer, fire, order>;
  using timers = game::typed<respawn>;
  auto saved() { return std::tie(ships, log, failing_tick); }

  std::map<game::player_id, ship> ships;
  std::string log; // what was called, by a letter
  std::uint64_t failing_tick = 0;

  void on_create(const game::options& how) override {
    log += 'c';
    if (!how.is_empty())
      set_metadata("mode", how.as<std::string>());
  }
  bool on_auth(const game::join_request& request) override { return request.identity != "banned"; }
  void on_join(game::player& who, const game::options& how) override {
    log += 'j';
    emit("came", who.id());
    if (how.as_or<std::string>("") == "throw")
      throw std::runtime_error{"cannot join"};
    if (how.as_or<std::string>("") == "refuse")
      throw refused{"not you"};
    ships[who.id()] = {.x = random().between(0.0, 100.0), .y = random().between(0.0, 100.0)};
  }
  void on_drop(game::player&) override { log += 'd'; }
  void on_reconnect(game::player&) override { log += 'r'; }
  void on_pressure(game::player& who) override { log += who.is_slow() ? 's' : 'q'; }
  void on_leave(game::player& who, game::leave_reason) override {
    log += 'l';
    ships.erase(who.id());
  }
  void on_dispose() override { log += 'x'; }

  void on_input(game::player& from, const steer& what) {
    ships[from.id()].angle = what.angle;
    ships[from.id()].thrust = what.thrust;
  }
  void on_input(game::player& from, const fire& what) {
    ships[from.id()].shots += what.shots;
    after(3, respawn{from.id()});
    to_others(from).emit("shot", from.id());
  }
  void on_input(game::player& from, const order& what) {
    if (what.what == "throw") {
      ships.clear();
      throw std::runtime_error{"ordered to throw"};
    }
    if (what.what == "refuse")
      throw refused{"no orders"};
    if (what.what == "kick")
      remove(from);
    if (what.what == "close")
      close();
    if (what.what == "lock")
      lock();
  }
  void on_timer(const respawn& what) { ++ships[what.who].lives; }
  void on_tick(std::uint64_t now) override {
    for (auto& [id, each] : ships) {
      each.x += each.thrust ? each.angle * tick_seconds() : 0;
      each.y += random().between(-1.0, 1.0);
    }
    if (now == failing_tick)
      throw std::runtime_error{"a failing tick"};
  }
};

} // namespace troupe::test
