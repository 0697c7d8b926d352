// Players who come back to their seats without the session that they had.
#include "net/uuid.hpp"
#include "tests/integration/support/bather.hpp"
#include "tests/integration/support/pond_player.hpp"

#include <functional>

namespace troupe::test {

using protocol::operation;

namespace {

/// A pond that waits for nobody.
class strict_pond : public pond {
public:
  void on_drop(game::player& who) override { remove(who); }
};

/// A splash there is long remembered.
class loud_pond : public pond {
public:
  using inputs = game::typed<splash>;
  void on_input(game::player& from, const splash&) {
    to_others(from).emit("splashed", std::string(1'000, 'x'));
  }
};

/// Ponds at the end of a bad network; sessions are over soon after a cut.
struct seats_fixture {
  explicit seats_fixture(resume_rules how = {.grace = 20ms}) : sessions{how} {}

  resume_rules sessions;
  mailbox<connection_id> ended;
  running_server server{small_outboxes(), [this](troupe::server& to) {
                          offer_ponds(to);
                          auto& rooms = to.rooms("/game");
                          rooms.define<pond>("brook", {.reconnect_grace = 0ms})
                              .define<strict_pond>("strict", {})
                              .define<loud_pond>("loud", {.tick_rate = 100});
                          rooms.endpoint().resume(sessions).on_close(
                              [this](auto& who, auto&) { ended.put(who.id()); });
                        }};
  cutting_relay relay{server.port(), 7};

  static config small_outboxes() {
    auto made = quick_config(2);
    made.limits.outbox_bytes = 16 * 1024;
    return made;
  }
  void lose_session_of(pond_player& who, const std::function<void()>& meanwhile = {}) {
    mailbox<bool> opened;
    who.connection.on_open([&](const server_info&) { opened.put(true); });
    relay.refuse(true);
    relay.cut_all();
    if (meanwhile)
      meanwhile();
    ended.take();
    relay.refuse(false);
    opened.take();
    who.connection.on_open({});
  }
};

/// A player who hears what the pond says of the others.
struct witness {
  mailbox<std::string> heard;
  pond_player player;

  explicit witness(std::uint16_t port, const std::string& kind = "pond") : player{port} {
    player.join("witness", kind);
    for (const auto* each : {"dropped", "back", "went"})
      player.pond->on(each, [this, each](game::player_id who) {
        heard.put(std::string{each} + " " + std::to_string(who));
      });
  }
  game::tick_number tick() const { return player.pond->tick(); }
};

/// A player who is told of its end.
struct leaver {
  mailbox<room_change::reason> left;
  pond_player player;
  joined_pond pond;

  leaver(std::uint16_t port, const std::string& kind) : player{port} {
    pond = player.join("leaver", kind).pond;
    pond->on_left([this](room_change::reason why) { left.put(why); });
  }
};

} // namespace

TEST_CASE("game seats: who has lost its session comes back to its seat", "[integration][game]") {
  seats_fixture net;
  witness bob{net.server.port()};
  leaver ann{net.relay.port(), "pond"};
  for (std::uint64_t round = 1; round <= 3; ++round) {
    CHECK(ann.pond->send(swim{5}) == round); // goes on counting
    wait_until([&] { return ann.player.x_of(2) == static_cast<std::int32_t>(5 * round); });
    net.lose_session_of(ann.player);
    CHECK(bob.heard.take() == "dropped 2");
    CHECK(bob.heard.take() == "back 2");
    wait_until([&] { return ann.pond->is_in(); });
    CHECK(ann.pond->player() == 2);
    wait_until([&, then = bob.tick()] { return ann.pond->tick() > then; });
  }
  CHECK(ann.left.size() == 0);
  CHECK(ann.player.log.size() == 0);
  ann.pond->leave();
  CHECK(bob.heard.take() == "went 2");
}

TEST_CASE("game seats: a session that missed too much costs no seat", "[integration][game]") {
  seats_fixture net{{.grace = 30s, .ring_bytes = 1'024}};
  witness bob{net.server.port(), "loud"};
  pond_player ann{net.relay.port()};
  ann.join("ann", "loud");
  net.lose_session_of(ann, [&] {
    CHECK(bob.heard.take() == "dropped 2");
    for (int i = 0; i < 20; ++i)
      CHECK(bob.player.pond->send(splash{}) != 0);
  });
  CHECK(bob.heard.take() == "back 2");
  CHECK(ann.pond->player() == 2);
  wait_until([&, then = bob.tick()] { return ann.pond->tick() > then; });
}

TEST_CASE("game seats: a ticket works once, and the newest connection counts",
          "[integration][game]") {
  seats_fixture net;
  witness bob{net.server.port()};
  leaver ann{net.server.port(), "pond"};
  CHECK(ann.pond->send(swim{5}) == 1);
  wait_until([&] { return ann.player.x_of(2) == 5; });
  const auto seat = ann.pond->seat();
  REQUIRE(seat.tokens.size() == 1);
  pond_player again{net.server.port()};
  auto got = get_soon(again.lobby.take_seat_future<water>(seat));
  REQUIRE(got);
  again.pond = *got;
  CHECK(again.pond->player() == 2);
  CHECK(again.pond->send(swim{1}) == 2);
  wait_until([&] { return again.x_of(2) == 6; });
  CHECK(ann.left.take() == room_change::reason::removed);
  CHECK(bob.heard.take() == "dropped 2");
  CHECK(bob.heard.take() == "back 2");
  auto twice = get_soon(ann.player.lobby.take_seat_future<water>(seat));
  REQUIRE_FALSE(twice);
  CHECK(twice.error().text.find("no seat") != std::string::npos);
  CHECK(again.pond->seat().tokens != seat.tokens);
  again.pond->leave();
  CHECK(bob.heard.take() == "went 2");
  CHECK_FALSE(get_soon(ann.player.lobby.take_seat_future<water>(again.pond->seat())));
}

TEST_CASE("game seats: who closes for now comes back, who closes in order has left",
          "[integration][game]") {
  seats_fixture net;
  witness bob{net.server.port()};
  pond_player ann{net.server.port()};
  ann.join("ann");
  const auto seat = ann.pond->seat();
  ann.connection.close(client::close_for_now);
  CHECK(bob.heard.take() == "dropped 2");
  CHECK(net.ended.take() != 0); // the session is over, too
  pond_player again{net.server.port()};
  auto got = get_soon(again.lobby.take_seat_future<water>(seat));
  REQUIRE(got);
  CHECK((*got)->player() == 2);
  CHECK(bob.heard.take() == "back 2");
  again.connection.close();
  CHECK(bob.heard.take() == "went 2");
}

TEST_CASE("game seats: a room that waits for nobody gives no ticket, and says that one is out",
          "[integration][game]") {
  seats_fixture net;
  leaver ann{net.relay.port(), "brook"};
  CHECK(ann.pond->seat().tokens.empty());
  net.lose_session_of(ann.player);
  CHECK(ann.left.take() == room_change::reason::refused);
  CHECK_FALSE(ann.pond->is_in());
}

TEST_CASE("game seats: a hook may give the seat away", "[integration][game]") {
  seats_fixture net;
  leaver ann{net.server.port(), "strict"};
  pond_player again{net.server.port()};
  auto got = get_soon(again.lobby.take_seat_future<water>(ann.pond->seat()));
  REQUIRE_FALSE(got);
  CHECK(got.error().text == "the room has not waited for you");
  CHECK(ann.left.take() == room_change::reason::removed);
}

TEST_CASE("game seats: forged tickets, and tickets of others, are good for nothing",
          "[integration][game]") {
  const running_server server{quick_config(), [](troupe::server& to) {
                                add_ponds(to);
                                auto& at = to.rooms("/game").endpoint();
                                at.authorize([](const request& asked) {
                                  const auto name = asked.query("name").value_or("nobody");
                                  return authorization::accept(std::string{name});
                                });
                              }};
  bather ann{server.port()};
  ann.join_or_create("ann");
  const auto told = ann.wait_event("room.you");
  const auto ticket =
      std::get<2>(*unpack_args<std::tuple<game::player_id, double, std::string, std::uint64_t>>(
          {told->payload, told->content}));
  CHECK(ticket.size() == 32);
  game_client eve{server.port(), "/game?name=eve"};
  CHECK(eve.try_join(ann.room_id, ticket)->op == operation::error);
  for (int i = 0; i < 100; ++i)
    CHECK(eve.try_join(ann.room_id, net::make_token())->op == operation::error);
  game_client back{server.port()};
  CHECK(back.try_join(ann.room_id, ticket)->op == operation::joined);
}

} // namespace troupe::test
