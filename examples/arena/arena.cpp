#include "examples/arena/arena.hpp"

#include "troupe/server.hpp"

#include <algorithm>
#include <cmath>

namespace arena {
namespace {
using id_type = std::uint32_t;

constexpr double turn_per_second = 4, thrust = 420, drag = 0.4, shot_speed = 620, ship_size = 14;
constexpr std::size_t most_rocks = 200, least_rocks = 120;

struct respawn { // a timer that brings a player back
  id_type who = 0;
};
BOOST_DESCRIBE_STRUCT(respawn, (), (who))
struct motion { // units per second
  double x = 0, y = 0;
  auto saved() { return std::tie(x, y); }
};
struct pilot {
  motion speed;
  steer wish;
  std::uint32_t loading = 0; // ticks until it can fire again
  auto saved() { return std::tie(speed, wish, loading); }
};
struct bullet {
  motion speed;
  std::uint32_t ticks_left = 0;
  auto saved() { return std::tie(speed, ticks_left); }
};

double wrapped(double value, double size) {
  value = std::fmod(value, size);
  return value < 0 ? value + size : value;
}

template <class Thing>
void put(Thing& what, double x, double y) {
  what.x = wrapped(x, width);
  what.y = wrapped(y, height);
}

template <class A, class B> // across the edges, too
bool is_near(const A& a, const B& b, double distance) {
  const double x = std::abs(a.x - b.x), y = std::abs(a.y - b.y);
  return std::hypot(std::min(x, width - x), std::min(y, height - y)) < distance;
}

class arena_room final : public game::room {
public:
  using inputs = game::typed<steer>;
  using timers = game::typed<respawn>;
  auto saved() { return std::tie(field_, pilots_, bullets_, drifts_, last_id_); }

  const field& state() const noexcept { return field_; }
  static game::view_options view() {
    return {.radius = 1'000, .hysteresis = 100, .tiers = {{.beyond = 700, .every = 2}}};
  }
  static void place(game::state_publisher<field>& to) {
    const auto where = [](const auto& what) { return game::map_point{what.x, what.y}; };
    to.place(&field::shots, where);
    to.place(&field::rocks, where);
  }
  void look(const game::player& who, game::client_view& through) {
    const auto& own = field_.ships.at(id_of(who));
    through.look_from({own.x, own.y});
  }

  void on_create(const game::options&) override {
    while (field_.rocks.size() < most_rocks)
      add_rock(random().between(0.0, width), random().between(0.0, height), random().between(1, 3));
  }
  void on_join(game::player& who, const game::options& how) override {
    auto& own = field_.ships[id_of(who)];
    own.name = how.as_or<std::string>("pilot " + std::to_string(who.id())).substr(0, 16);
    appear(id_of(who), own);
  }
  void on_leave(game::player& who, game::leave_reason) override {
    field_.ships.erase(id_of(who));
    pilots_.erase(id_of(who));
  }
  void on_input(game::player& from, const steer& what) {
    auto& wish = pilots_[id_of(from)].wish;
    wish = what;
    wish.turn = std::isfinite(what.turn) ? std::clamp(what.turn, -1.0, 1.0) : 0;
  }
  void on_timer(const respawn& what) {
    if (const auto found = field_.ships.find(what.who); found != field_.ships.end())
      appear(found->first, found->second);
  }
  void on_tick(std::uint64_t) override {
    for (auto& [id, own] : field_.ships)
      if (own.is_alive)
        fly(id, own, pilots_[id]);
    for (auto each = bullets_.begin(); each != bullets_.end();)
      each = fly(each->first, each->second) ? bullets_.erase(each) : std::next(each);
    for (const auto& [id, speed] : drifts_)
      move(field_.rocks[id], speed);
    for (auto& [id, own] : field_.ships)
      if (own.is_alive && rock_at(own, ship_size / 2) != field_.rocks.end())
        destroy(id, own, 0);
    while (field_.rocks.size() < least_rocks)
      add_rock(0, random().between(0.0, height), 3);
  }

private:
  static id_type id_of(const game::player& who) { return static_cast<id_type>(who.id()); }

  void appear(id_type id, ship& own) {
    do
      put(own, random().between(0.0, width), random().between(0.0, height));
    while (rock_at(own, 100) != field_.rocks.end());
    own.is_alive = true;
    pilots_[id].speed = {};
  }
  void add_rock(double x, double y, int size) {
    auto& made = field_.rocks[++last_id_];
    put(made, x, y);
    made.size = size;
    drifts_[last_id_] = {random().between(-60.0, 60.0), random().between(-60.0, 60.0)};
  }
  template <class Thing>
  void move(Thing& what, const motion& speed) {
    put(what, what.x + speed.x * tick_seconds(), what.y + speed.y * tick_seconds());
  }
  template <class Thing>
  std::map<id_type, thing>::iterator rock_at(const Thing& where, double margin) {
    return std::ranges::find_if(field_.rocks, [&](const auto& each) {
      return is_near(where, each.second, 10.0 * each.second.size + 4 + margin);
    });
  }

  void fly(id_type id, ship& own, pilot& by) {
    const double seconds = tick_seconds();
    own.heading = static_cast<float>(own.heading + by.wish.turn * turn_per_second * seconds);
    const motion ahead{std::cos(own.heading), std::sin(own.heading)};
    own.thrusts = by.wish.thrust;
    const double push = own.thrusts ? thrust * seconds : 0, rest = 1 - drag * seconds;
    by.speed = {(by.speed.x + ahead.x * push) * rest, (by.speed.y + ahead.y * push) * rest};
    move(own, by.speed);
    by.loading -= by.loading > 0 ? 1 : 0;
    if (!by.wish.fire || by.loading > 0)
      return;
    by.loading = tick_rate() / 5;
    put(field_.shots[++last_id_], own.x + ahead.x * ship_size, own.y + ahead.y * ship_size);
    field_.shots[last_id_].by = id;
    bullets_[last_id_] = {
        .speed = {by.speed.x + ahead.x * shot_speed, by.speed.y + ahead.y * shot_speed},
        .ticks_left = tick_rate()};
  }
  bool fly(id_type id, bullet& by) {
    auto& what = field_.shots[id];
    move(what, by.speed);
    return (--by.ticks_left == 0 || hits(what)) && field_.shots.erase(id) != 0;
  }
  bool hits(const thing& what) {
    for (auto& [id, other] : field_.ships)
      if (id != what.by && other.is_alive && is_near(what, other, ship_size)) {
        destroy(id, other, what.by);
        return true;
      }
    const auto hit = rock_at(what, 0);
    if (hit == field_.rocks.end())
      return false;
    const auto [id, old] = *hit;
    field_.rocks.erase(hit);
    drifts_.erase(id);
    for (int i = 0; i < 2 && old.size > 1; ++i)
      add_rock(old.x, old.y, old.size - 1);
    return true;
  }
  void destroy(id_type id, ship& lost, id_type by) {
    lost.is_alive = lost.thrusts = false;
    if (const auto winner = field_.ships.find(by); winner != field_.ships.end())
      ++winner->second.score;
    emit("destroyed", id, by);
    after(2 * tick_rate(), respawn{id});
  }

  field field_;
  std::map<id_type, pilot> pilots_;
  std::map<id_type, bullet> bullets_;
  std::map<id_type, motion> drifts_; // of rocks
  id_type last_id_ = 0;
};

} // namespace
game::room_kind make_kind() {
  return game::make_room_kind<arena_room>("arena",
                                          {.max_players = 64, .tick_rate = 30, .patch_rate = 15});
}
void add_to(troupe::server& server) {
  server.rooms().add(make_kind());
}

} // namespace arena
