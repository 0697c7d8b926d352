#pragma once
#include "troupe/game/fields.hpp"
#include "troupe/game/room.hpp"

#include <boost/describe.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <tuple>

// The rooms of tick_bench.

struct swim {
  std::int32_t by = 0;
};
BOOST_DESCRIBE_STRUCT(swim, (), (by))

struct swimmer {
  std::int32_t x = 0;
  std::int32_t speed = 0;
  auto saved() { return std::tie(x, speed); }
};
BOOST_DESCRIBE_STRUCT(swimmer, (), (x, speed))

struct water {
  std::map<std::uint64_t, swimmer> swimmers;
  auto saved() { return std::tie(swimmers); }
};
BOOST_DESCRIBE_STRUCT(water, (), (swimmers))

/// A small game: everybody moves in every tick.
class pond : public troupe::game::room {
public:
  using inputs = troupe::game::typed<swim>;
  auto saved() { return std::tie(water_); }
  const water& state() const noexcept { return water_; }

  void on_join(troupe::game::player& who, const troupe::game::options&) override {
    water_.swimmers[who.id()].speed = 3;
  }
  void on_leave(troupe::game::player& who, troupe::game::leave_reason) override {
    water_.swimmers.erase(who.id());
  }
  void on_input(troupe::game::player& from, const swim& what) {
    water_.swimmers[from.id()].speed += what.by;
  }
  void on_tick(std::uint64_t) override {
    for (auto& [id, one] : water_.swimmers)
      one.x += one.speed;
  }

private:
  water water_;
};

/// Burns 50 ms in every tick. It looks at a clock, which rooms must not.
class burner : public troupe::game::room {
public:
  auto saved() { return std::tie(ticks_); }
  void on_tick(std::uint64_t) override {
    ++ticks_;
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{50};
         std::chrono::steady_clock::now() < end;)
      ;
  }

private:
  std::uint64_t ticks_ = 0;
};
