#pragma once
#include "troupe/game/joined_room.hpp"
#include "troupe/game/motion_buffer.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <map>
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
/// The delay should cover two patches and their jitter; what is later is seen as a jump. Entities
/// come and go as late as they move; only members that are not moved are those of the last patch.
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

  using shown_entities = std::vector<std::pair<typename Map::key_type, entity>>;

  /// The entities as they are shown `now`, with their ids, in no particular order.
  shown_entities
  at(std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now()) const {
    return room_->read([&](const State& state) {
      shown_entities shown;
      if (const auto tick = room_->tick_at(now))
        memory_->show(state.*map_, *tick, shown);
      return shown;
    });
  }

private:
  /// What is gone is shown until the moment in which it went.
  struct leaver {
    entity last;
    double until = std::numeric_limits<double>::infinity();
  };

  struct memory {
    std::vector<moving_member<entity>> members;
    double delay; ///< in ticks
    motion_buffer motions;
    std::set<entity_id> fresh; ///< entities that changed in this patch
    std::map<entity_id, leaver> leaving;

    memory(std::vector<moving_member<entity>> all, double delay_ticks)
        : members{std::move(all)}, delay{delay_ticks}, motions{periods_of(members), delay_ticks} {}

    static std::vector<double> periods_of(const std::vector<moving_member<entity>>& all) {
      std::vector<double> periods;
      for (const auto& each : all)
        periods.push_back(each.period);
      return periods;
    }

    void leave(entity_id id, const entity& last) {
      leaving.insert_or_assign(id, leaver{.last = last});
      fresh.erase(id);
    }
    void forget(entity_id id) {
      motions.forget(id);
      leaving.erase(id);
    }
    void sample(const Map& from, tick_number tick) {
      for (auto& [id, one] : leaving)
        one.until = std::min(one.until, static_cast<double>(tick));
      let_go(static_cast<double>(tick));
      std::vector<double> values(members.size());
      for (const auto id : std::exchange(fresh, {})) {
        if (leaving.count(id) != 0)
          forget(id);
        const auto& one = from.at(static_cast<typename Map::key_type>(id));
        for (std::size_t i = 0; i < members.size(); ++i)
          values[i] = members[i].read(one);
        motions.add(id, static_cast<double>(tick), values);
      }
    }

    void show(const Map& known, double tick, shown_entities& to) {
      let_go(tick);
      for (const auto& [id, one] : known)
        show(id, one, tick, to);
      for (const auto& [id, each] : leaving)
        show(static_cast<typename Map::key_type>(id), each.last, tick, to);
    }
    /// Of those that were gone before what is shown.
    void let_go(double tick) {
      std::erase_if(leaving, [&](const auto& each) {
        const bool is_over = tick - delay >= each.second.until;
        if (is_over)
          motions.forget(each.first);
        return is_over;
      });
    }
    void show(typename Map::key_type id, const entity& one, double tick, shown_entities& to) const {
      std::vector<double> values(members.size());
      if (!motions.show(id, tick, values))
        return;
      auto& shown = to.emplace_back(id, one).second;
      for (std::size_t i = 0; i < members.size(); ++i)
        members[i].write(shown, values[i]);
    }
  };

  void follow() {
    const auto touch = [kept = memory_](entity_id id, const entity&) { kept->fresh.insert(id); };
    room_->on_entered(map_, touch);
    room_->on_changed(map_, touch);
    room_->on_gone(
        map_, [kept = memory_](entity_id id, const entity& last, bool) { kept->leave(id, last); });
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
