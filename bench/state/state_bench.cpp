// What states that synchronise themselves cost: 300 ships that all move in every tick, and a client
// on each of them that sees about 60. Prints the time of a tick and the bytes on the wire; with a
// file's name it also writes what happened there, for `colyseus.mjs` to do the same.
#include "troupe/game/state_mirror.hpp"
#include "troupe/game/state_publisher.hpp"

#include <boost/describe.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <numbers>
#include <random>
#include <vector>

namespace {

using namespace troupe::game;

constexpr std::uint32_t ships = 300;
constexpr tick_number warm_up = 20;
constexpr tick_number ticks = 220;
constexpr float field_size = 2'000;
constexpr float radius = 570; // about 60 of 300 ships
constexpr float hysteresis = 50;

struct ship {
  ranged<0, 4'095, 16> x; // 16 bits
  ranged<0, 4'095, 16> y;
  angle<8> heading;
};
BOOST_DESCRIBE_STRUCT(ship, (), (x, y, heading))

struct arena {
  std::map<std::uint32_t, ship> ships;
};
BOOST_DESCRIBE_STRUCT(arena, (), (ships))

/// Ships that wander about, and turn around at the edge of the field.
class wanderers {
public:
  explicit wanderers(arena& state) : state_{state} {
    for (std::uint32_t id = 1; id <= ships; ++id)
      state_.ships[id] = {between(0, field_size), between(0, field_size), between(0, 6)};
  }

  void step() {
    for (auto& [id, one] : state_.ships) {
      one.heading += between(-0.2F, 0.2F);
      move(one.x, std::cos(one.heading) * 10, one);
      move(one.y, std::sin(one.heading) * 10, one);
    }
  }

private:
  float between(float low, float high) {
    return low + (high - low) * static_cast<float>(engine_() % 100'000) / 100'000;
  }

  static void move(float& position, float by, ship& one) {
    if (position + by < 0 || position + by > field_size)
      one.heading += std::numbers::pi_v<float> / 2;
    else
      position += by;
  }

  arena& state_;
  std::mt19937 engine_{1};
};

/// What the clients' mirrors hear, as lines of JSON: one for each tick.
class trace {
public:
  explicit trace(const char* path) {
    if (path)
      out_.open(path);
  }

  void enter(std::uint32_t client, entity_id id) { entered_ += pair(entered_, client, id); }
  void leave(std::uint32_t client, entity_id id) { left_ += pair(left_, client, id); }

  void end_tick(const arena& state) {
    out_ << "{\"ships\":[";
    for (const auto& [id, one] : state.ships)
      out_ << (id == 1 ? "" : ",") << '[' << one.x << ',' << one.y << ',' << one.heading << ']';
    out_ << "],\"entered\":[" << entered_ << "],\"left\":[" << left_ << "]}\n";
    entered_.clear();
    left_.clear();
  }

private:
  static std::string pair(const std::string& before, std::uint32_t client, entity_id id) {
    return (before.empty() ? "[" : ",[") + std::to_string(client) + ',' + std::to_string(id) + ']';
  }

  std::ofstream out_;
  std::string entered_;
  std::string left_;
};

struct client {
  client_view view{{.radius = radius, .hysteresis = hysteresis}};
  state_mirror<arena> mirror;
};

struct figures {
  std::vector<double> tick_ms;
  std::size_t bytes = 0;
  std::size_t patches = 0;
  std::size_t updates = 0;
};

/// Publishes, and makes a patch for each client, as a room would in its tick.
/// @returns processor time in ms: other work on the machine does not count.
double make_patches(state_publisher<arena>& publisher, const arena& state, tick_number tick,
                    std::vector<std::unique_ptr<client>>& clients,
                    std::vector<state_patch>& patches) {
  const auto start = std::clock();
  publisher.publish(state, tick);
  for (std::uint32_t id = 1; id <= ships; ++id) {
    const auto& own = state.ships.at(id);
    clients[id - 1]->view.look_from({own.x, own.y});
    if (auto patch = publisher.patch_for(clients[id - 1]->view))
      patches.push_back(std::move(*patch));
  }
  return 1'000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

void listen(client& to, std::uint32_t number, trace& record, figures& found) {
  to.mirror.on_entered(&arena::ships,
                       [&record, number](entity_id id, const ship&) { record.enter(number, id); });
  to.mirror.on_left(&arena::ships, [&record, number](entity_id id, const ship&, bool) {
    record.leave(number, id);
  });
  to.mirror.on_changed(&arena::ships, [&found](entity_id, const ship&) { ++found.updates; });
}

figures play(trace& record) {
  arena state;
  wanderers game{state};
  state_publisher<arena> publisher{{.ticks_per_s = 20, .cell_size = 170}};
  publisher.place(&arena::ships, [](const ship& one) { return map_point{one.x, one.y}; });
  figures found;
  std::vector<std::unique_ptr<client>> clients;
  for (std::uint32_t i = 0; i < ships; ++i)
    listen(*clients.emplace_back(std::make_unique<client>()), i, record, found);
  for (tick_number tick = 1; tick <= ticks; ++tick) {
    game.step();
    std::vector<state_patch> patches;
    const auto took = make_patches(publisher, state, tick, clients, patches);
    if (tick == warm_up)
      found = {};
    found.tick_ms.push_back(took);
    for (std::size_t i = 0; i < patches.size(); ++i) {
      found.bytes += patches[i].bytes->size();
      (void)clients[i]->mirror.apply(patches[i].view());
    }
    found.patches += patches.size();
    record.end_tick(state);
  }
  return found;
}

} // namespace

int main(int count, char** arguments) {
  trace record{count > 1 ? arguments[1] : nullptr};
  auto found = play(record);
  std::sort(found.tick_ms.begin(), found.tick_ms.end());
  const auto at = [&](double part) {
    return found
        .tick_ms[static_cast<std::size_t>(part * static_cast<double>(found.tick_ms.size() - 1))];
  };
  const auto per = [&](std::size_t what) {
    return static_cast<double>(found.bytes) / static_cast<double>(what);
  };
  std::printf("ticks %zu  median %.3f ms  p99 %.3f ms  greatest %.3f ms\n", found.tick_ms.size(),
              at(0.5), at(0.99), at(1));
  std::printf("visible %.1f  bytes per patch %.1f  per update %.2f  in all %zu\n",
              static_cast<double>(found.updates) / static_cast<double>(found.patches),
              per(found.patches), per(found.updates), found.bytes);
}
