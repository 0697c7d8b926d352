#pragma once
#include "troupe/game/fields.hpp"
#include "troupe/game/room_kind.hpp"

#include <boost/describe.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace troupe::test {

struct swimmer {
  std::int32_t x = 0;
  std::string name;
  auto saved() { return std::tie(x, name); }
};
BOOST_DESCRIBE_STRUCT(swimmer, (), (x, name))

struct water {
  std::uint32_t waves = 0;
  std::map<std::uint64_t, swimmer> swimmers;
  auto saved() { return std::tie(waves, swimmers); }
};
BOOST_DESCRIBE_STRUCT(water, (), (waves, swimmers))

struct swim {
  std::int32_t by = 0;
};
BOOST_DESCRIBE_STRUCT(swim, (), (by))

struct splash {};
BOOST_DESCRIBE_STRUCT(splash, (), ())

/// A small game: who swims is somewhere else afterwards, a splash is heard by all others.
class pond : public game::room {
public:
  using inputs = game::typed<swim, splash>;
  auto saved() { return std::tie(water_); }
  const water& state() const noexcept { return water_; }

  void on_create(const game::options& how) override {
    if (!how.is_empty())
      set_metadata("level", how.as<std::int32_t>());
  }
  void on_join(game::player& who, const game::options& how) override {
    auto name = how.as_or<std::string>("nobody");
    if (name == "shark")
      throw refused{"no sharks"};
    emit("came", name);
    water_.swimmers[who.id()].name = std::move(name);
  }
  void on_leave(game::player& who, game::leave_reason) override {
    water_.swimmers.erase(who.id());
    emit("went", who.id());
  }
  void on_drop(game::player& who) override { emit("dropped", who.id()); }
  void on_reconnect(game::player& who) override { emit("back", who.id()); }
  void on_pressure(game::player& who) override { emit(who.is_slow() ? "slow" : "quick", who.id()); }
  void on_input(game::player& from, const swim& what) { water_.swimmers[from.id()].x += what.by; }
  void on_input(game::player& from, const splash&) { to_others(from).emit("splashed", from.id()); }
  void on_tick(std::uint64_t) override { ++water_.waves; }

private:
  water water_;
};

inline game::room_kind pond_kind() {
  return game::make_room_kind<pond>("pond", {.max_players = 2,
                                             .tick_rate = 100,
                                             .patch_rate = 50,
                                             .empty_time = std::chrono::milliseconds{50}});
}

} // namespace troupe::test
