// What becomes of a connection whose client has lost its socket.
#include "tests/integration/support/hook_log.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/session_client.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

using namespace std::chrono_literals;
using protocol::operation;
using protocol::session_outcome;

namespace {

/// A server whose endpoint "/game" keeps sessions, and what its hooks have said.
struct game_server {
  hook_log log;
  endpoint* game = nullptr;
  running_server server;

  explicit game_server(const resume_rules& rules = {.grace = 10s},
                       const config& settings = quick_config(2))
      : server{settings, [&](troupe::server& made) { set_up(made, rules); }} {}

  std::uint16_t port() const { return server.port(); }
  /// Sends numbers as events, and waits until they are sent.
  void emit(connection_id to, int first, int last) {
    for (; first <= last; ++first)
      game->to(to).emit("number", first);
    game->visit_all([this, to](connection& each) {
      if (each.id() == to)
        log.put("emitted");
    });
    CHECK(log.next() == "emitted");
  }

private:
  void set_up(troupe::server& made, const resume_rules& rules) {
    game = &made.endpoint("/game");
    game->resume(rules);
    game->on_drop([this](connection&) { log.put("drop"); });
    game->on_resume(
        [this](connection& who) { log.put("resume " + std::to_string(who.value<int>())); });
    game->on_disconnect([this](connection&, const close_info& why) {
      log.put("disconnect " + std::to_string(why.code));
    });
    game->on("keep", [](connection& from, int value) { from.value<int>() = value; });
    game->on("wonder", [this](connection& from) {
      from.ask<int>("what", [this](const result<int, ask_error>& answer) {
        log.put("answer " + std::to_string(answer ? *answer : -1));
      });
    });
    game->rooms("lobby").relay("say");
  }
};

int number_in(native_client& client) {
  return client.wait_for(operation::event).argument<int>();
}

} // namespace

TEST_CASE("resume: what was sent meanwhile arrives, and all else is as it was",
          "[integration][resume]") {
  game_server server;
  native_client friendly{server.port(), "/game"};
  const auto room = friendly.join("lobby");
  session_client before{server.port()};
  CHECK(before.is(session_outcome::fresh));
  CHECK(before.session().grace_ms == 10'000);
  CHECK(before.join("lobby") == room); // counted: 1
  before.emit("keep", 7);
  server.emit(before.id(), 1, 2); // counted: 2, 3
  CHECK(number_in(before) == 1);
  before.cut();
  CHECK(server.log.next() == "drop");
  server.emit(before.id(), 3, 4);
  friendly.publish(room, "say", "are you there?");

  session_client after{server.port(), return_of(before, 2)};
  CHECK(after.is(session_outcome::resumed));
  CHECK(after.id() == before.id());
  CHECK(after.token() != before.token());
  CHECK(after.session().received == 2); // join and keep
  for (int expected = 2; expected <= 4; ++expected)
    CHECK(number_in(after) == expected);
  CHECK(after.wait_for(operation::room_event)->room == room);
  CHECK(server.log.next() == "resume 7");
  after.publish(room, "say", "yes");
  CHECK(friendly.wait_for(operation::room_event)->sender == before.id());
}

TEST_CASE("resume: questions of both sides survive", "[integration][resume]") {
  game_server server;
  session_client before{server.port()};
  before.emit("wonder");
  const auto question = before.wait_for(operation::ask)->ask_id;
  before.cut();
  CHECK(server.log.next() == "drop");
  session_client after{server.port(), return_of(before, 1)};
  CHECK(server.log.next() == "resume 0");
  const auto content = make_payload(42);
  after.send({.op = operation::reply, .ask_id = question, .payload = content.bytes});
  CHECK(server.log.next() == "answer 42");
}

TEST_CASE("resume: the newest connection wins", "[integration][resume]") {
  game_server server;
  session_client older{server.port()};
  session_client newer{server.port(), return_of(older, 0)};
  CHECK(newer.is(session_outcome::resumed));
  CHECK(older.ws().wait_close().code == 1000);
  CHECK(server.log.next() == "drop");
  CHECK(server.log.next() == "resume 0");
  server.emit(newer.id(), 1, 1);
  CHECK(number_in(newer) == 1);
}

TEST_CASE("resume: nobody comes back, and the session ends", "[integration][resume]") {
  game_server server{{.grace = 100ms}};
  session_client before{server.port()};
  before.cut();
  CHECK(server.log.next() == "drop");
  CHECK(server.log.next() == "disconnect 1006");
  session_client after{server.port(), return_of(before, 0)};
  CHECK(after.is(session_outcome::resync));
  CHECK(after.id() != before.id());
  CHECK(server.log.size() == 0);
}

TEST_CASE("resume: a close frame ends the session", "[integration][resume]") {
  game_server server;
  session_client before{server.port()};
  before.ws().send_close(1000);
  CHECK(server.log.next() == "disconnect 1000");
  session_client after{server.port(), return_of(before, 0)};
  CHECK(after.is(session_outcome::resync));
}

TEST_CASE("resume: a ring that is too short is said to be", "[integration][resume]") {
  game_server server{{.grace = 10s, .ring_bytes = 1'000}};
  session_client before{server.port()};
  server.emit(before.id(), 1, 100);
  while (number_in(before) != 100)
    ;
  before.cut();
  CHECK(server.log.next() == "drop");
  session_client after{server.port(), return_of(before, 1)};
  CHECK(after.is(session_outcome::resync));
  CHECK(after.id() != before.id());
  CHECK(server.log.next() == "disconnect 1006");
}

TEST_CASE("resume: a session without a socket is bounded", "[integration][resume]") {
  auto settings = quick_config(2);
  settings.limits.outbox_bytes = 65'536;
  game_server server{{.grace = 10s}, settings};
  session_client before{server.port()};
  before.cut();
  CHECK(server.log.next() == "drop");
  const std::string large(10'000, 'x');
  for (int i = 0; i < 100; ++i)
    server.game->to(before.id()).emit("large", large);
  CHECK(server.log.next() == "disconnect 1013");
}

TEST_CASE("resume: who cannot, or may not, has an ordinary connection", "[integration][resume]") {
  game_server server;
  SECTION("the client does not offer it") {
    native_client plain{server.port(), "/game"};
    CHECK(net::read_session(*plain.hello()).token.empty());
    plain.ws().socket().reset();
    CHECK(server.log.next() == "disconnect 1006");
  }
  SECTION("the endpoint does not keep sessions") {
    const running_server other{quick_config(),
                               [](troupe::server& made) { made.endpoint("/game"); }};
    session_client client{other.port()};
    CHECK(client.is(session_outcome::none));
  }
}

} // namespace troupe::test
