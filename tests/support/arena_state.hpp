#pragma once
#include "troupe/game/state_publisher.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace troupe::test {

enum class side { red, green, blue };
BOOST_DESCRIBE_ENUM(side, red, green, blue)

struct spot {
  game::ranged<-100, 100, 10> x;
  game::ranged<-100, 100, 10> y;
};
BOOST_DESCRIBE_STRUCT(spot, (), (x, y))

struct item {
  std::uint16_t kind = 0;
  std::string label;
};
BOOST_DESCRIBE_STRUCT(item, (), (kind, label))

struct spell {
  game::bits<5> strength;
  std::vector<std::uint8_t> runes;
};
BOOST_DESCRIBE_STRUCT(spell, (), (strength, runes))

/// An entity with everything that a field can be, and more than eight leaves.
struct fighter {
  std::string name;
  spot place;
  game::angle<10> heading;
  game::small_int<-3, 96> health;
  side team = side::red;
  bool is_alive = true;
  std::int32_t score = 0;
  std::uint64_t wealth = 0;
  double mass = 1;
  std::vector<item> items;
  std::map<std::uint16_t, spell> spells;
};
BOOST_DESCRIBE_STRUCT(fighter, (),
                      (name, place, heading, health, team, is_alive, score, wealth, mass, items,
                       spells))

/// An entity as most are: small, and moving.
struct bullet {
  game::ranged<-100, 100, 10> x;
  game::ranged<-100, 100, 10> y;
  game::angle<8> heading;
};
BOOST_DESCRIBE_STRUCT(bullet, (), (x, y, heading))

struct battle {
  std::uint32_t round = 0;
  float wind = 0;
  std::int64_t balance = 0;
  std::string title;
  std::vector<std::string> log;
  std::vector<std::vector<std::int8_t>> rows;
  std::vector<game::angle<6>> vanes;
  std::map<std::uint32_t, fighter> fighters;
  std::map<std::uint64_t, bullet> bullets;
};
BOOST_DESCRIBE_STRUCT(battle, (),
                      (round, wind, balance, title, log, rows, vanes, fighters, bullets))

/// Numbers that are the same with every standard library.
class dice {
public:
  explicit dice(std::uint32_t seed) : engine_{seed} {}

  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(engine_() % end); }
  bool one_in(std::uint32_t count) { return below(count) == 0; }
  float between(float low, float high) {
    return low + (high - low) * static_cast<float>(below(10'001)) / 10'000;
  }

private:
  std::mt19937 engine_;
};

/// Lets something happen: of every kind now and then, often nothing.
void play(battle& state, dice& random);

/// The bytes of a snapshot of `state`: equal when everything that travels is.
template <class State>
std::vector<std::byte> codes_of(const State& state) {
  game::state_publisher<State> publisher;
  publisher.publish(state, 1);
  return *publisher.snapshot().bytes;
}

} // namespace troupe::test
