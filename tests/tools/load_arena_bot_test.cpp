#include "tools/load_arena_bot.hpp"

#include "troupe/game/seat_reservation.hpp"
#include "troupe/game/state_publisher.hpp"

#include "protocol/native_encode.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::load;
using namespace std::chrono_literals;
using kind = bot_news::kind;
using protocol::operation;

namespace {

const arena_bot::instant start{};

/// A server's side, by hand.
struct scripted_arena {
  arena_bot bot{"bot 1"};
  game::state_publisher<arena::field> publisher;
  arena::field state;
  game::tick_number tick = 0;
  std::vector<std::byte> kept{};

  bot_news give(const protocol::message& what, arena_bot::instant now = start) {
    return bot.receive(protocol::encode_server(what), now);
  }
  bot_news give_event(std::string_view name, const payload& content,
                      arena_bot::instant now = start) {
    return give({.op = operation::room_event,
                 .content = content.kind,
                 .room = 5,
                 .name = {.number = 0, .text = name},
                 .payload = content.bytes},
                now);
  }
  bot_news patch(arena_bot::instant now) {
    publisher.publish(state, ++tick);
    const auto made = tick == 1 ? publisher.snapshot() : *publisher.patch_since(tick - 1);
    return give_event("state.patch", make_payload(raw_bytes{made.view()}), now);
  }
  /// The bot's last message.
  protocol::message sent() {
    auto all = bot.take_outgoing();
    REQUIRE_FALSE(all.empty());
    kept = std::move(all.back());
    const auto decoded = protocol::decode_client(kept);
    REQUIRE(decoded);
    return *decoded;
  }
  arena::steer steered() {
    const auto message = sent();
    CHECK(message.name.text == "steer");
    const auto read =
        unpack_args<std::tuple<arena::steer, std::uint64_t>>({message.payload, message.content});
    REQUIRE(read);
    return std::get<0>(*read);
  }
  /// As far as the first state: a ship at (100, 100) that looks to the right, and another one.
  void play() {
    const auto hello =
        make_payload(std::vector<std::string>{"a", "b"}, std::map<std::string, int>{});
    give({.op = operation::hello, .version = 1, .connection = 3, .payload = hello.bytes});
    CHECK(sent().name.text == "rooms.join_or_create");
    const auto seat = make_payload(game::seat_reservation{.room = "r1", .tokens = {"t"}});
    give({.op = operation::reply, .ask_id = 1, .payload = seat.bytes});
    CHECK(sent().text == "r1");
    give({.op = operation::joined, .ask_id = 2, .room = 5, .text = "r1", .members = 1});
    CHECK(sent().name.text == "state.begin");
    give_event("room.you", make_payload(1, 30, "", 0));
    give_event("state.schema", make_payload(raw_bytes{game::room_copy<arena::field>::schema()}));
    CHECK_FALSE(bot.is_playing());
    state.ships[1].x = state.ships[1].y = 100;
    state.ships[2].x = 300;
    state.ships[2].y = 100;
    CHECK(patch(start).what == kind::playing);
    CHECK(sent().name.text == "state.confirm");
  }
};

} // namespace

TEST_CASE("arena bot: it takes a seat and confirms states", "[tools][load]") {
  scripted_arena server;
  CHECK(server.bot.steer(start)); // nothing yet
  server.play();
  CHECK(server.bot.is_playing());
}

TEST_CASE("arena bot: it flies after the next ship and fires at it", "[tools][load]") {
  scripted_arena server;
  server.play();
  server.bot.steer(start);
  CHECK(server.steered().fire); // straight ahead
  server.state.ships[2].y = 300;
  server.patch(start);
  server.bot.steer(start);
  const auto turned = server.steered();
  CHECK(turned.turn > 0.5);
  CHECK_FALSE(turned.fire);
  server.state.ships[2].y = 2'390; // nearer across the edge
  server.patch(start);
  server.bot.steer(start);
  CHECK(server.steered().turn < 0);
}

TEST_CASE("arena bot: it tells when the state shows an input", "[tools][load]") {
  scripted_arena server;
  server.play();
  server.bot.steer(start + 10ms);
  CHECK(server.steered().thrust);
  server.state.ships[1].score = 1;
  CHECK_FALSE(server.patch(start + 20ms).seen);
  server.bot.steer(start + 30ms); // the same wish, until it is seen
  CHECK(server.steered().thrust);
  server.state.ships[1].thrusts = true;
  CHECK(server.patch(start + 45ms).seen == nanoseconds{35ms});
  server.bot.steer(start + 50ms);
  CHECK_FALSE(server.steered().thrust);
}

TEST_CASE("arena bot: who is shot down waits for nothing", "[tools][load]") {
  scripted_arena server;
  server.play();
  server.bot.steer(start);
  server.state.ships[1].is_alive = false;
  CHECK_FALSE(server.patch(start + 1s).seen);
  CHECK(server.bot.steer(start + 10s));
}

TEST_CASE("arena bot: an input that is never seen is told", "[tools][load]") {
  scripted_arena server;
  server.play();
  CHECK(server.bot.steer(start));
  CHECK(server.bot.steer(start + 1s));
  CHECK_FALSE(server.bot.steer(start + 3s));
  CHECK(server.bot.steer(start + 4s));
}

TEST_CASE("arena bot: whatever a server sends is news", "[tools][load]") {
  scripted_arena server;
  CHECK(server.bot.receive(as_bytes("\x1f nonsense"), start).what == kind::failed);
  const auto seatless = make_payload("no seat");
  CHECK(server.give({.op = operation::reply, .ask_id = 1, .payload = seatless.bytes}).what
        == kind::failed);
  const auto refused = server.give(
      {.op = operation::error, .code = errc::refused, .ask_id = 1, .text = "no such kind"});
  CHECK(refused.text.find("no such kind") != std::string::npos);
  server.play();
  const auto bad = server.give_event("state.patch", make_payload(raw_bytes{as_bytes("?")}));
  CHECK(bad.what == kind::failed);
  CHECK(server.give_event("input.refused", make_payload(1, "late")).what == kind::refused);
}
