#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

using namespace std::chrono_literals;
using protocol::operation;

namespace {

/// What the server's ask came to.
struct outcome {
  errc code = errc::ok;
  int value = 0;
  std::string text;
};

/// "/chat": "ask-me" makes the server ask its client for a number within 200 ms.
struct ask_fixture {
  void add(troupe::server& to) {
    auto& chat = to.endpoint("/chat");
    chat.on("ask-me", [this](connection& c) {
      c.ask_within<int>(
          200ms, "number",
          [this](result<int, ask_error> answer) {
            if (answer)
              answers.put({errc::ok, *answer, {}});
            else
              answers.put({answer.error().code, 0, answer.error().text});
          },
          "a small one");
    });
    chat.on("tick", [](connection& c) {
      auto count = std::make_shared<int>(0);
      auto timer = std::make_shared<timer_id>();
      *timer = c.every(10ms, [&c, count, timer] {
        c.emit("tick", ++*count);
        if (*count == 3)
          c.cancel(*timer);
      });
      c.after(100ms, [&c] { c.emit("done"); });
    });
    chat.on("throw-later",
            [](connection& c) { c.after(1ms, [] { throw std::runtime_error{"late"}; }); });
    chat.on("ping", [] { return "pong"; });
  }

  mailbox<outcome> answers;
  running_server server{quick_config(), [this](troupe::server& s) { add(s); }};
  native_client client{server.port()};
};

} // namespace

TEST_CASE("asks: the server asks a client and gets its answer", "[integration][asks]") {
  ask_fixture fixture;
  fixture.client.emit("ask-me");
  const auto asked = fixture.client.wait_for(operation::ask);
  CHECK(fixture.client.name_of(asked) == "number");
  CHECK(asked.argument<std::string>() == "a small one");
  SECTION("a good one") {
    const auto content = make_payload(7);
    fixture.client.send(
        {.op = operation::reply, .ask_id = asked->ask_id, .payload = content.bytes});
    const auto got = fixture.answers.take();
    CHECK(got.code == errc::ok);
    CHECK(got.value == 7);
  }
  SECTION("one that does not fit") {
    const auto content = make_payload("seven");
    fixture.client.send(
        {.op = operation::reply, .ask_id = asked->ask_id, .payload = content.bytes});
    CHECK(fixture.answers.take().code == errc::bad_arguments);
  }
  SECTION("an error") {
    fixture.client.send({.op = operation::error,
                         .code = errc::refused,
                         .ask_id = asked->ask_id,
                         .text = "I would rather not"});
    const auto got = fixture.answers.take();
    CHECK(got.code == errc::refused);
    CHECK(got.text == "I would rather not");
  }
  SECTION("none in time") {
    CHECK(fixture.answers.take().code == errc::timed_out);
    const auto content = make_payload(7);
    fixture.client.send(
        {.op = operation::reply, .ask_id = asked->ask_id, .payload = content.bytes});
    fixture.client.ask("ping");
    CHECK(fixture.client.wait_for(operation::reply).argument<std::string>() == "pong");
    CHECK(fixture.answers.size() == 0); // once only
  }
  SECTION("none because the client is gone") {
    fixture.client.ws().socket().reset();
    CHECK(fixture.answers.take().code == errc::connection_lost);
  }
}

TEST_CASE("asks: answers to questions nobody asked are ignored", "[integration][asks]") {
  ask_fixture fixture;
  fixture.client.send({.op = operation::reply, .ask_id = 99});
  fixture.client.send({.op = operation::error, .code = errc::refused, .ask_id = 98, .text = "?"});
  fixture.client.ask("ping");
  CHECK(fixture.client.next().argument<std::string>() == "pong");
}

TEST_CASE("asks: timers of a connection fire in order and can be cancelled",
          "[integration][timers]") {
  ask_fixture fixture;
  fixture.client.emit("tick");
  for (int i = 1; i <= 3; ++i)
    CHECK(fixture.client.next().argument<int>() == i);
  CHECK(fixture.client.name_of(fixture.client.next()) == "done");
}

TEST_CASE("asks: a timer that throws costs an error and no more", "[integration][timers]") {
  ask_fixture fixture;
  fixture.client.emit("throw-later");
  const auto error = fixture.client.next();
  CHECK(error->op == operation::error);
  CHECK(error->code == errc::handler_failed);
  fixture.client.ask("ping");
  CHECK(fixture.client.next().argument<std::string>() == "pong");
}

TEST_CASE("asks: timers end with their connection", "[integration][timers]") {
  ask_fixture fixture;
  for (int i = 0; i < 20; ++i) {
    native_client shortly{fixture.server.port()};
    shortly.emit("tick");
    shortly.emit("ask-me");
    shortly.next();
    shortly.ws().socket().reset();
  }
  for (int i = 0; i < 20; ++i)
    CHECK(fixture.answers.take().code == errc::connection_lost);
  CHECK(serves(fixture.server));
}

} // namespace troupe::test
