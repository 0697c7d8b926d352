// Who may come back to a session, and who may not.
#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/session_client.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

using namespace std::chrono_literals;
using protocol::operation;
using protocol::session_outcome;

namespace {

running_server::set_up keeps_sessions() {
  return [](server& made) {
    auto& game = made.endpoint("/game");
    game.resume({.grace = 10s});
    game.authorize([](const request& asked) {
      return authorization::accept(std::string{asked.header("X-User").value_or("")});
    });
  };
}

/// Whether the session of `of` is still there for its client.
bool lives(const running_server& server, const session_client& of, std::uint64_t attempt) {
  return session_client{server.port(), return_of(of, 0, attempt)}.is(session_outcome::resumed);
}

} // namespace

TEST_CASE("resume: forged tokens lead to a new connection and harm nobody",
          "[integration][resume]") {
  const running_server server{quick_config(2), keeps_sessions()};
  session_client owner{server.port()};
  for (const auto* token :
       {"00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff"}) {
    session_client forger{server.port(), {.token = token, .received = 0, .attempt = 1}};
    CHECK(forger.is(session_outcome::resync));
    CHECK(forger.id() != owner.id());
  }
  CHECK(lives(server, owner, 1));
}

TEST_CASE("resume: a token that is used up is worth nothing", "[integration][resume]") {
  const running_server server{quick_config(2), keeps_sessions()};
  session_client first{server.port()};
  session_client second{server.port(), return_of(first, 0, 1)};
  REQUIRE(second.is(session_outcome::resumed));
  second.confirm();
  session_client thief{server.port(), return_of(first, 0, 2)};
  CHECK(thief.is(session_outcome::resync));
  CHECK(thief.id() != first.id());
  (void)second.ask("nothing");
  CHECK(second.wait_for(operation::error)->code == errc::unknown_event);
  CHECK(lives(server, second, 3));
}

TEST_CASE("resume: a token is not used up before its client knows the next",
          "[integration][resume]") {
  const running_server server{quick_config(2), keeps_sessions()};
  session_client first{server.port()};
  for (std::uint64_t attempt = 1; attempt <= 5; ++attempt) {
    session_client again{server.port(), return_of(first, 0, attempt)};
    REQUIRE(again.is(session_outcome::resumed)); // and its answer may have been lost
  }
}

TEST_CASE("resume: an attempt that was overtaken changes nothing", "[integration][resume]") {
  const running_server server{quick_config(2), keeps_sessions()};
  session_client first{server.port()};
  session_client newer{server.port(), return_of(first, 0, 2)};
  REQUIRE(newer.is(session_outcome::resumed));
  CHECK_THROWS(session_client{server.port(), return_of(first, 0, 1)}); // no hello: it is hung up
  (void)newer.ask("nothing");
  CHECK(newer.wait_for(operation::error)->code == errc::unknown_event);
}

TEST_CASE("resume: a token is good for its owner only", "[integration][resume]") {
  const running_server server{quick_config(2), keeps_sessions()};
  session_client ann{server.port(), {}, "X-User: ann\r\n"};
  session_client bob{server.port(), return_of(ann, 0, 1), "X-User: bob\r\n"};
  CHECK(bob.is(session_outcome::resync));
  session_client again{server.port(), return_of(ann, 0, 2), "X-User: ann\r\n"};
  CHECK(again.is(session_outcome::resumed));
}

TEST_CASE("resume: a client that claims what it cannot have gets a new connection",
          "[integration][resume]") {
  const running_server server{quick_config(2), keeps_sessions()};
  session_client honest{server.port()};
  session_client liar{server.port(), return_of(honest, 1'000'000)};
  CHECK(liar.is(session_outcome::resync));
}

TEST_CASE("resume: a full server lets its sessions back in, and nobody else",
          "[integration][resume]") {
  auto settings = quick_config(2);
  settings.limits.max_connections = 1;
  const running_server server{settings, keeps_sessions()};
  session_client before{server.port()};
  before.cut();
  CHECK_THROWS(session_client{server.port()});
  CHECK_THROWS(session_client{server.port(), {.token = "00000000000000000000000000000000"}});
  session_client after{server.port(), return_of(before, 0)};
  CHECK(after.is(session_outcome::resumed));
  CHECK(after.id() == before.id());
}

} // namespace troupe::test
