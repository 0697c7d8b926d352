// Plays the arena that `troupe serve` hosts, from C++: flies in circles for two seconds and tells
// what it sees.
#include "troupe/game/client.hpp"
#include "troupe/game/interpolation.hpp"

#include "examples/arena/arena.hpp"

#include <cstdio>
#include <thread>

using namespace arena;
using namespace std::chrono_literals;

int fail(const std::string& why) {
  std::puts(why.c_str());
  return 1;
}

int main(int count, char** arguments) {
  troupe::client connection{{.url = count > 1 ? arguments[1] : "ws://127.0.0.1:8080/rooms"}};
  if (const auto status = connection.connect(); !status)
    return fail(status.text);
  game::lobby lobby{connection};
  const auto joined = lobby.join_or_create_future<field>({.kind = "arena"}, "pilot").get();
  if (!joined)
    return fail(joined.error().text);
  const auto& room = *joined;
  room->on_entered(&field::ships, [](auto, const ship& one) { std::puts(one.name.c_str()); });
  room->on("destroyed", [](std::uint32_t who, std::uint32_t) { std::printf("%u is lost\n", who); });

  const game::interpolation ships{room,
                                  &field::ships,
                                  150ms, // in the past, so that they move smoothly
                                  {game::moving(&ship::x, width), game::moving(&ship::y, height),
                                   game::turning(&ship::heading)}};
  for (int picture = 0; picture < 120 && room->is_in(); ++picture) {
    if (picture % 30 == 0)
      room->send(steer{.turn = 0.5, .thrust = picture % 60 == 0});
    for (const auto& [id, one] : ships.at()) // a game would draw them
      if (id == room->player() && picture % 30 == 29)
        std::printf("at %.1f, %.1f in tick %.1f\n", +one.x, +one.y, *room->server_tick());
    std::this_thread::sleep_for(16ms);
  }
}
