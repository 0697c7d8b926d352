#pragma once
#include "troupe/game/rooms.hpp"
#include "troupe/game/state_mirror.hpp"
#include "troupe/server.hpp"

#include "tests/integration/support/game_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pond.hpp"

#include <map>
#include <string>
#include <string_view>

namespace troupe::test {

using query = std::map<std::string, std::string>;

/// Rooms of kind "pond" behind "/game".
inline void add_ponds(server& to) {
  to.rooms("/game").add(pond_kind());
}

/// A client of a pond: it has asked for a seat and knows the state.
struct bather : game_client {
  using game_client::game_client;

  std::string room_id;
  std::uint64_t room = 0;
  game::state_mirror<water> mirror;

  bather& join_or_create(std::string_view name) {
    const auto got = reserve("rooms.join_or_create", query{{"kind", "pond"}});
    room_id = got.room;
    const auto joined = try_join(got.room, got.tokens.at(0), name);
    REQUIRE(joined->op == protocol::operation::joined);
    room = joined->room;
    client.publish(room, "state.begin");
    return *this;
  }
  /// Applies patches until the state is as expected.
  template <class Predicate>
  void wait_for(Predicate is_so) {
    while (!is_so(mirror.state())) {
      const auto next = client.wait_for(protocol::operation::room_event);
      if (client.name_of(next) != "state.patch")
        continue;
      REQUIRE(mirror.apply(next->payload));
      client.publish(room, "state.confirm", mirror.tick());
    }
  }
};

} // namespace troupe::test
