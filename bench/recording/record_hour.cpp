// Writes the recording of an hour of the arena with 16 players at 30 Hz, under virtual time.
//     record_hour FILE
#include "troupe/game/testing.hpp"

#include "examples/arena/arena.hpp"

#include <boost/describe.hpp>

#include <chrono>
#include <fstream>
#include <iostream>

namespace {

using namespace troupe::game;
using namespace std::chrono_literals;

struct steer {
  double turn = 0;
  bool thrust = false, fire = false;
};
BOOST_DESCRIBE_STRUCT(steer, (), (turn, thrust, fire))

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: record_hour FILE\n";
    return 2;
  }
  testing::world world{arena::make_kind(), {.seed = 1, .latency = 30ms, .jitter = 20ms}};
  for (int i = 0; i < 16; ++i)
    world.join("bot", "bot " + std::to_string(i)).each_tick([](testing::client& me) {
      me.send(
          steer{me.random().between(-1.0, 1.0), me.random().chance(0.5), me.random().chance(0.25)});
    });
  world.run_for(1h);
  const auto bytes = world.recording();
  std::ofstream{argv[1], std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                                 static_cast<std::streamsize>(bytes.size()));
}
