#pragma once
#include "troupe/game/client.hpp"
#include "troupe/server.hpp"

#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/cutting_relay.hpp"
#include "tests/support/pond.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

// C++ clients in the ponds of a real server, over a network that can be cut.

namespace troupe::test {

using namespace std::chrono_literals;

/// A pond for matches: what it is created with are its teams.
class duel_pond : public pond {
public:
  void on_create(const game::options&) override {}
};

inline void offer_ponds(server& to) {
  to.rooms("/game")
      .define<duel_pond>("duel", {.max_players = 2})
      .matchmaking("duel")
      .define<pond>("pond",
                    {.max_players = 4, .tick_rate = 100, .patch_rate = 50, .empty_time = 50ms});
}

template <class T>
T get_soon(std::future<T> future) {
  REQUIRE(future.wait_for(5s) == std::future_status::ready);
  return future.get();
}

template <class Predicate>
void wait_until(Predicate is_so) {
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (!is_so() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(1ms);
  REQUIRE(is_so());
}

using joined_pond = std::shared_ptr<game::joined_room<water>>;

/// A client that plays.
struct pond_player {
  mailbox<std::string> log;
  client connection;
  game::lobby lobby{connection};
  joined_pond pond;

  explicit pond_player(std::uint16_t port, bool resumes = true)
      : connection{options(port, resumes)} {
    connection.on_error([this](errc, std::string_view what) { log.put(std::string{what}); });
    REQUIRE(connection.connect());
  }
  static client_options options(std::uint16_t port, bool resumes) {
    client_options made{.url = "ws://127.0.0.1:" + std::to_string(port) + "/game"};
    made.reconnect = {.first = 5ms, .longest = 5ms, .resume = resumes};
    return made;
  }
  pond_player& join(std::string_view name, std::string kind = "pond") {
    auto got = get_soon(lobby.join_or_create_future<water>({.kind = std::move(kind)}, name));
    REQUIRE(got);
    pond = *got;
    return *this;
  }
  std::int32_t x_of(game::player_id who) const {
    return pond->read([who](const water& now) {
      const auto found = now.swimmers.find(who);
      return found == now.swimmers.end() ? -1 : found->second.x;
    });
  }
};

struct pond_network {
  running_server server{quick_config(), offer_ponds};
  cutting_relay relay{server.port(), 5};
};

} // namespace troupe::test
