#include "troupe/game/fields.hpp"
#include "troupe/server.hpp"

#include <cmath>
#include <map>

namespace game = troupe::game;
using coordinate = game::ranged<0, 800, 8>; // travels in 13 bits: steps of 1/8

struct walk { // what players send: a direction
  double x = 0, y = 0;
};
BOOST_DESCRIBE_STRUCT(walk, (), (x, y))
struct walker {
  coordinate x = 400, y = 300;
  std::size_t coins = 0;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(walker, (), (x, y, coins, name))
struct coin {
  coordinate x, y;
};
BOOST_DESCRIBE_STRUCT(coin, (), (x, y))
struct meadow { // what players see
  std::map<game::player_id, walker> walkers;
  std::map<std::uint32_t, coin> coins;
};
BOOST_DESCRIBE_STRUCT(meadow, (), (walkers, coins))

class meadow_room : public game::room {
public:
  using inputs = game::typed<walk>;
  auto saved() { return std::tie(meadow_, wishes_, last_coin_); }
  const meadow& state() const { return meadow_; }
  void on_join(game::player& who, const game::options& how) override {
    meadow_.walkers[who.id()].name = how.as_or<std::string>("somebody");
  }
  void on_leave(game::player& who, game::leave_reason) override { meadow_.walkers.erase(who.id()); }
  void on_input(game::player& from, const walk& what) { wishes_[from.id()] = what; }
  void on_tick(std::uint64_t) override {
    for (auto& [id, own] : meadow_.walkers) {
      const auto speed = 200 * tick_seconds(); // 200 units per second
      own.x = std::clamp(own.x + std::clamp(wishes_[id].x, -1.0, 1.0) * speed, 0.0, 800.0);
      own.y = std::clamp(own.y + std::clamp(wishes_[id].y, -1.0, 1.0) * speed, 0.0, 600.0);
      own.coins += std::erase_if(meadow_.coins, [&own = own](const auto& coin) {
        return std::hypot(coin.second.x - own.x, coin.second.y - own.y) < 20;
      });
    }
    while (meadow_.coins.size() < 10)
      meadow_.coins[++last_coin_] = {random().between(0, 800), random().between(0, 600)};
  }

private:
  meadow meadow_;
  std::map<game::player_id, walk> wishes_;
  std::uint32_t last_coin_ = 0;
};

int main(int argc, char** argv) {
  troupe::server server{troupe::config::from_args(argc, argv)};
  server.browser_client().files("/", "page");
  server.rooms().define<meadow_room>("meadow", {.max_players = 20, .tick_rate = 30});
  return server.run();
}
