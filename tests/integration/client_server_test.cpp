// The C++ client and the server, over real sockets.
#include "troupe/client.hpp"
#include "troupe/server.hpp"

#include "tests/support/catch.hpp"

#include <thread>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

template <class T>
T get(std::future<T> future) {
  REQUIRE(future.wait_for(5s) == std::future_status::ready);
  return future.get();
}

/// A chat on a free port, or on the one that is given.
class running_server {
public:
  explicit running_server(std::uint16_t port = 0) {
    std::promise<server*> started;
    auto ready = started.get_future();
    thread_ = std::thread{[port, &started] { run(port, started); }};
    server_ = ready.get();
    port_ = server_->port();
  }
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;
  ~running_server() {
    server_->stop();
    thread_.join();
  }

  std::uint16_t port() const { return port_; }

  client_options options() const {
    client_options result;
    result.url = "ws://127.0.0.1:" + std::to_string(port_) + "/chat";
    result.reconnect.first = 10ms;
    result.reconnect.longest = 50ms;
    return result;
  }

private:
  /// The life of a server: one thread sets it up, runs it and ends it.
  static void run(std::uint16_t port, std::promise<server*>& started) {
    server made{settings(port)};
    auto& chat = made.endpoint("/chat");
    chat.rooms("lobby").relay("moved");
    chat.on("sum", [](int a, int b) { return a + b; });
    chat.on("throw", [] { throw std::runtime_error{"a bug"}; });
    chat.on("say", [](connection& from, std::string text) {
      from.to("lobby").emit("said", from.id(), text);
    });
    chat.on("question", [](connection& from) {
      from.ask<int>("answer", [&from](const result<int, ask_error>& answer) {
        from.emit("understood", answer ? *answer : -1);
      });
    });
    made.start();
    started.set_value(&made);
    made.run();
  }

  static config settings(std::uint16_t port) {
    config result;
    result.listen = "127.0.0.1:" + std::to_string(port);
    result.threads = 2;
    result.drain_timeout = 1s;
    return result;
  }

  std::thread thread_;
  server* server_ = nullptr;
  std::uint16_t port_ = 0;
};

} // namespace

TEST_CASE("client_server: asks are answered, or refused with the reason",
          "[integration][client_server]") {
  const running_server server;
  client c{server.options()};
  const auto status = c.connect();
  INFO(status.text);
  REQUIRE(status);
  CHECK(c.id() > 0);
  CHECK(*get(c.ask_future<int>("sum", 40, 2)) == 42);
  const auto unfit = get(c.ask_future<int>("sum", 40, "two"));
  CHECK(unfit.error().code == errc::bad_arguments);
  CHECK(unfit.error().text.find("argument 2") != std::string::npos);
  CHECK(get(c.ask_future<int>("nobody")).error().code == errc::unknown_event);
  CHECK(get(c.ask_future<int>("throw")).error().code == errc::handler_failed);
  CHECK(*get(c.ask_future<int>("sum", 1, 1)) == 2);
}

TEST_CASE("client_server: two clients meet in a room", "[integration][client_server]") {
  const running_server server;
  std::promise<room_member> came;
  std::promise<std::string> heard;
  std::promise<std::string> direct;
  client ann{server.options()};
  client bob{server.options()};
  ann.on_room_change([&](const room_change& change) {
    if (change.what == room_change::kind::came)
      came.set_value(change.who.at(0));
  });
  ann.on_room("said", [&](const incoming& from, connection_id who, std::string text) {
    CHECK(from.room == "lobby");
    heard.set_value(std::to_string(who) + ": " + text);
  });
  ann.on_room("moved", [&](const incoming& from, double x, double y) {
    direct.set_value(std::to_string(from.sender) + " at "
                     + std::to_string(static_cast<int>(x + y)));
  });
  REQUIRE(ann.connect());
  REQUIRE(bob.connect());
  REQUIRE(get(ann.join_future("lobby")).has_value());
  const auto joined = get(bob.join_future("lobby"));
  REQUIRE(joined.has_value());
  CHECK(joined->member_count == 2);
  CHECK(get(came.get_future()).id == bob.id());
  CHECK(bob.emit("say", "hello") == errc::ok);
  CHECK(get(heard.get_future()) == std::to_string(bob.id()) + ": hello");
  CHECK(bob.to("lobby").emit(latest(), "moved", 1.5, 2.5) == errc::ok);
  CHECK(get(direct.get_future()) == std::to_string(bob.id()) + " at 4");
  CHECK(get(bob.leave_future("lobby")).has_value());
}

TEST_CASE("client_server: the server asks the client", "[integration][client_server]") {
  const running_server server;
  std::promise<int> understood;
  client c{server.options()};
  c.on("answer", [] { return 42; });
  c.on("understood", [&](int value) { understood.set_value(value); });
  REQUIRE(c.connect());
  c.emit("question");
  CHECK(get(understood.get_future()) == 42);
}

TEST_CASE("client_server: the clocks agree on one machine", "[integration][client_server]") {
  const running_server server;
  client c{server.options()};
  REQUIRE(c.connect());
  REQUIRE(get(c.ask_future<int>("sum", 1, 1)).has_value()); // the first sample came before
  REQUIRE(c.server_time().has_value());
  const auto difference = *c.server_time() - std::chrono::system_clock::now();
  CHECK(std::chrono::abs(difference) < 1s);
}

TEST_CASE("client_server: a path without endpoint is refused", "[integration][client_server]") {
  const running_server server;
  auto options = server.options();
  options.url += "/nowhere";
  client c{options};
  const auto status = c.connect();
  CHECK(status.code == errc::refused);
  CHECK(status.text.find("404") != std::string::npos);
}

TEST_CASE("client_server: a client survives the restart of its server",
          "[integration][client_server]") {
  auto server = std::make_unique<running_server>();
  const auto port = server->port();
  std::promise<std::uint16_t> lost;
  std::promise<void> again;
  int joins = 0;
  bool is_lost = false;
  client c{server->options()};
  c.on_close([&](const client_status& status, auto) {
    if (!std::exchange(is_lost, true))
      lost.set_value(status.close_code);
  });
  c.on_room_change([&](const room_change& change) {
    if (change.what == room_change::kind::joined && ++joins == 2)
      again.set_value();
  });
  REQUIRE(c.connect());
  REQUIRE(get(c.join_future("lobby")).has_value());
  server.reset();
  CHECK(get(lost.get_future()) == 1001);
  server = std::make_unique<running_server>(port);
  get(again.get_future());
  CHECK(*get(c.ask_future<int>("sum", 2, 2)) == 4);
}
