#pragma once
#include "troupe/game/joined_room.hpp"
#include "troupe/game/motion_buffer.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <numbers>
#include <set>
#include <utility>
#include <vector>

namespace troupe::game {

/// A number of entities that is shown between its samples.
template <class Entity>
struct moving_member {
  std::function<double(const Entity&)> read;
  std::function<void(Entity&, double)> write;
  double period = 0;
};

/// @param period  the size at which it starts over, as at the edge of a map that wraps; 0: never
template <class Entity, class V>
moving_member<Entity> moving(V Entity::*member, double period = 0) {
  return {.read = [member](const Entity& from) { return static_cast<double>(from.*member); },
          .write =
              [member](Entity& to, double value) {
                if constexpr (quantised_number<V>)
                  to.*member = static_cast<typename V::value_type>(value);
                else
                  to.*member = static_cast<V>(value);
              },
          .period = period};
}

/// The same for an angle in radians: the short way round.
template <class Entity, class V>
moving_member<Entity> turning(V Entity::*member) {
  return moving(member, 2 * std::numbers::pi);
}

/// Shows the entities of one map between the patches, a little in the past, so that they move
/// smoothly although patches come in steps and with jitter.
///
///     interpolation ships{arena, &field::ships, 120ms,
///                         {moving(&ship::x, 3200), moving(&ship::y, 2400),
///                         turning(&ship::heading)}};
///     for (const auto& [id, ship] : ships.at())   // once per picture
///       draw(ship);
///
/// The delay should cover two patches and their jitter; what is later is seen as a jump.
///
/// Threading:  any thread, as the room.
/// Ownership:  shares its samples with the room's handlers, and keeps the room.
template <class State, class Map>
class interpolation {
public:
  using entity = typename Map::mapped_type;
  using room_pointer = std::shared_ptr<joined_room<State>>;

  interpolation(room_pointer room, Map State::*map, std::chrono::milliseconds delay,
                std::vector<moving_member<entity>> members)
      : room_{std::move(room)},
        map_{map},
        memory_{std::make_shared<memory>(std::move(members),
                                         std::chrono::duration<double>(delay).count()
                                             * room_->ticks_per_s())} {
    room_->read([this](const State&) { follow(); });
  }

  /// The entities as they are shown `now`, by their ids.
  std::vector<std::pair<typename Map::key_type, entity>>
  at(std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now()) const {
    return room_->read([&](const State& state) {
      std::vector<std::pair<typename Map::key_type, entity>> shown{(state.*map_).begin(),
                                                                   (state.*map_).end()};
      if (const auto tick = room_->tick_at(now))
        for (auto& [id, one] : shown)
          memory_->show(id, one, *tick);
      return shown;
    });
  }

private:
  struct memory {
    std::vector<moving_member<entity>> members;
    motion_buffer motions;
    std::set<entity_id> fresh; ///< entities that changed in this patch

    memory(std::vector<moving_member<entity>> all, double delay_ticks)
        : members{std::move(all)}, motions{periods_of(members), delay_ticks} {}

    static std::vector<double> periods_of(const std::vector<moving_member<entity>>& all) {
      std::vector<double> periods;
      for (const auto& each : all)
        periods.push_back(each.period);
      return periods;
    }
    void sample(const Map& from, tick_number tick) {
      std::vector<double> values(members.size());
      for (const auto id : std::exchange(fresh, {})) {
        const auto& one = from.at(static_cast<typename Map::key_type>(id));
        for (std::size_t i = 0; i < members.size(); ++i)
          values[i] = members[i].read(one);
        motions.add(id, static_cast<double>(tick), values);
      }
    }
    void show(entity_id id, entity& one, double tick) const {
      std::vector<double> values(members.size());
      if (motions.show(id, tick, values))
        for (std::size_t i = 0; i < members.size(); ++i)
          members[i].write(one, values[i]);
    }
  };

  void follow() {
    const auto touch = [kept = memory_](entity_id id, const entity&) { kept->fresh.insert(id); };
    room_->on_entered(map_, touch);
    room_->on_changed(map_, touch);
    room_->on_gone(map_, [kept = memory_](entity_id id, const entity&, bool) {
      kept->motions.forget(id);
      kept->fresh.erase(id);
    });
    auto sample = [kept = memory_, map = map_, room = room_.get()](tick_number tick) {
      kept->sample(room->read([map](const State& now) -> const Map& { return now.*map; }), tick);
    };
    sample(room_->tick());
    room_->on_patch(std::move(sample));
  }

  room_pointer room_;
  Map State::*map_;
  std::shared_ptr<memory> memory_;
};

} // namespace troupe::game
