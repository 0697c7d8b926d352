// What the C++ client tells its application about cuts of a session.
#include "troupe/client.hpp"
#include "troupe/server.hpp"

#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/cutting_relay.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

/// A server that keeps sessions, a network that can be cut, and a client that is connected.
struct cut_off {
  mailbox<std::string> heard;
  mailbox<std::string> server_log;
  running_server server;
  cutting_relay relay;
  client c;

  explicit cut_off(std::chrono::milliseconds grace = 10s, bool resumes = true)
      : server{quick_config(), [&](troupe::server& made) { set_up(made, grace); }},
        relay{server.port(), 1},
        c{options(relay.port(), resumes)} {
    c.on_open([this](const server_info& info) { heard.put(info.is_resync ? "resync" : "open"); });
    c.on_resume([this](const server_info& info) { heard.put(info.is_resumed ? "resume" : "?"); });
    REQUIRE(c.connect());
    REQUIRE(heard.take() == "open");
  }

  void set_up(troupe::server& made, std::chrono::milliseconds grace) {
    auto& game = made.endpoint("/game");
    game.resume({.grace = grace});
    game.on_drop([this](connection&) { server_log.put("drop"); });
    game.on("sum", [](int a, int b) { return a + b; });
    game.rooms("lobby").relay("say");
  }

  static client_options options(std::uint16_t port, bool resumes) {
    client_options result;
    result.url = "ws://127.0.0.1:" + std::to_string(port) + "/game";
    result.reconnect.first = result.reconnect.longest = 5ms;
    result.reconnect.resume = resumes;
    result.outgoing_bytes = 10'000;
    return result;
  }

  void cut() {
    relay.refuse(true);
    relay.cut_all();
    CHECK(server_log.take() == "drop");
    while (c.is_open())
      std::this_thread::sleep_for(1ms);
  }
  void mend() { relay.refuse(false); }
};

template <class T>
T get(std::future<T> future) {
  REQUIRE(future.wait_for(5s) == std::future_status::ready);
  return future.get();
}

} // namespace

TEST_CASE("resume client: rooms, id and questions outlive a cut", "[integration][resume]") {
  cut_off net;
  CHECK(net.c.info().grace == 10s);
  REQUIRE(get(net.c.join_future("lobby")));
  const auto id = net.c.id();
  net.cut();
  auto sum = net.c.ask_future<int>("sum", 40, 2); // asked while there is no connection
  auto join = net.c.join_future("lobby");
  net.mend();
  CHECK(net.heard.take() == "resume");
  CHECK(net.c.id() == id);
  CHECK(*get(std::move(sum)) == 42);
  CHECK(get(std::move(join)));
  CHECK(net.c.room("lobby"));
}

TEST_CASE("resume client: a session that is over is said to be", "[integration][resume]") {
  cut_off net{50ms};
  REQUIRE(get(net.c.join_future("lobby")));
  const auto id = net.c.id();
  net.cut();
  auto sum = net.c.ask_future<int>("sum", 40, 2);
  std::this_thread::sleep_for(200ms);
  net.mend();
  CHECK(net.heard.take() == "resync");
  CHECK(net.c.id() != id);
  CHECK(get(std::move(sum)).error().code == errc::connection_lost);
  CHECK(get(net.c.join_future("lobby")));
}

TEST_CASE("resume client: what waits is bounded, and droppable messages do not",
          "[integration][resume]") {
  cut_off net;
  net.cut();
  CHECK(net.c.emit(droppable(1), "spark") == errc::closed);
  const std::string text(1'000, 'x');
  int taken = 0;
  while (net.c.emit("say", text) == errc::ok && taken < 1'000)
    ++taken;
  CHECK(taken > 5);
  CHECK(taken < 10);
  net.mend();
  CHECK(net.heard.take() == "resume");
  CHECK(*get(net.c.ask_future<int>("sum", 1, 1)) == 2);
}

TEST_CASE("resume client: it can be closed while it waits", "[integration][resume]") {
  cut_off net;
  net.cut();
  auto sum = net.c.ask_future<int>("sum", 40, 2);
  net.c.close();
  CHECK(get(std::move(sum)).error().code == errc::closed);
  CHECK(net.c.emit("say") == errc::closed);
  net.mend();
  REQUIRE(net.c.connect());
  CHECK(net.heard.take() == "resync");
}

TEST_CASE("resume client: it need not ask for a session", "[integration][resume]") {
  cut_off net{10s, false};
  CHECK(net.c.info().grace == 0s);
  net.relay.cut_all();
  CHECK(net.heard.take() == "open");
}
