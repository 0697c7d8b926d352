#include "troupe/controller.hpp"

#include "troupe/refused.hpp"

#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <mutex>
#include <string>

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

/// One for each connection and space: tells of its life, counts, and gets rid of its client.
class visit {
public:
  static constexpr auto events() {
    return event_list{event<&visit::step>(), event<&visit::hang_up>("hang-up"),
                      event<&visit::go>()};
  }

  visit(connection& of, mailbox<std::string>& told) : of_{of}, told_{told} {
    told_.put("made in " + where());
  }
  visit(const visit&) = delete;
  ~visit() { told_.put("ended in " + where()); }

  void on_connect(connection& who) {
    if (who.request().query("unwelcome"))
      throw refused{"you are unwelcome"};
  }
  void on_join(connection&, std::string_view room) {
    if (room == "closed")
      throw refused{"closed to " + where()};
  }
  void on_left(connection&, std::string_view room) {
    told_.put("left " + std::string{room} + " after " + std::to_string(steps_) + " steps");
  }
  int step() { return ++steps_; }
  int hang_up() {
    of_.close(4'000);
    return ++steps_; // still there
  }
  void go() { of_.disconnect_space(); }

private:
  std::string where() const { return std::string{of_.space()}; }

  connection& of_;
  mailbox<std::string>& told_;
  int steps_ = 0;
};

constexpr auto all_protocols = speaks::native | speaks::neffos | speaks::iris;

struct visits {
  mailbox<std::string> told;
  running_server server{quick_config(), [this](troupe::server& to) {
                          auto& all = to.endpoint("/all", all_protocols);
                          mount(all, per_connection<visit>(std::ref(told)).in("default", "chat"));
                        }};

  neffos_client connect(std::string_view space) {
    neffos_client client{server.port(), "/all"};
    client.connect(space);
    CHECK(told.take() == "made in " + std::string{space});
    return client;
  }
};

} // namespace

TEST_CASE("controllers: G02 G08 one for each connection and namespace, until it is left",
          "[integration][controller]") {
  visits test;
  auto client = test.connect("default");
  client.connect("chat");
  CHECK(test.told.take() == "made in chat");
  CHECK(client.ask("$2;chat;;step;0;0;") == "$2;chat;;step;0;0;1");
  CHECK(client.ask("$3;chat;;step;0;0;") == "$3;chat;;step;0;0;2");
  CHECK(client.ask("$4;default;;step;0;0;") == "$4;default;;step;0;0;1");
  CHECK(client.ask("$5;chat;closed;_OnRoomJoin;0;0;")
        == "$5;chat;closed;_OnRoomJoin;1;0;closed to chat");
}

TEST_CASE("controllers: G02 one hears of the rooms that are left with the namespace, then ends",
          "[integration][controller]") {
  visits test;
  const std::string space = GENERATE("default", "chat");
  auto client = test.connect(space);
  client.ask("$2;" + space + ";;step;0;0;");
  client.join("hall", space);
  SECTION("by the client") {
    CHECK(client.ask("$3;" + space + ";;_OnNamespaceDisconnect;0;0;") == confirmed("$3"));
  }
  SECTION("by the server") {
    client.emit("go", "", "", space);
    const auto wait = client.next_request(";" + space + ";;_OnNamespaceDisconnect;0;0;");
    client.send(confirmed(wait));
  }
  CHECK(test.told.take() == "left hall after 1 steps");
  CHECK(test.told.take() == "ended in " + space);
  client.connect(space);
  CHECK(test.told.take() == "made in " + space);
  CHECK(client.ask("$4;" + space + ";;step;0;0;") == "$4;" + space + ";;step;0;0;1");
}

TEST_CASE("controllers: whoever is refused has none", "[integration][controller]") {
  visits test;
  const std::string space = GENERATE("default", "chat");
  neffos_client client{test.server.port(), "/all?unwelcome=1"};
  client.open();
  CHECK(client.ask("$1;" + space + ";;_OnNamespaceConnect;0;0;")
        == "$1;" + space + ";;_OnNamespaceConnect;1;0;you are unwelcome");
  CHECK(test.told.take() == "made in " + space);
  CHECK(test.told.take() == "ended in " + space);
}

TEST_CASE("controllers: a native client has one as well", "[integration][controller]") {
  visits test;
  {
    native_client client{test.server.port(), "/all", "Sec-WebSocket-Protocol: troupe.v1\r\n"};
    CHECK(test.told.take() == "made in default");
    client.ask("step");
    client.ask("step");
    CHECK(client.next().argument<int>() == 1);
    CHECK(client.next().argument<int>() == 2);
  }
  CHECK(test.told.take() == "ended in default");
}

TEST_CASE("controllers: M18 an iris client has one as well", "[integration][controller]") {
  visits test;
  ws_client client{test.server.port(), "/all"};
  client.send_text("iris-websocket-message:step;0;");
  CHECK(test.told.take() == "made in default");
  CHECK(client.next_message() == "iris-websocket-message:step;1;1");
  client.send_text("iris-websocket-message:hang-up;0;");
  CHECK(client.wait_close().code == 4'000);
  CHECK(test.told.take() == "ended in default");
}

TEST_CASE("controllers: one may close the connection that it is for", "[integration][controller]") {
  visits test;
  auto client = test.connect("chat");
  client.send("$2;chat;;hang-up;0;0;");
  CHECK(client.ws().wait_close().code == 4'000);
  CHECK(test.told.take() == "ended in chat");
  CHECK(serves(test.server));
}

namespace {

/// One for all: keeps the last words.
class board {
public:
  static constexpr auto events() {
    return event_list{event<&board::write>(), event<&board::read>()};
  }
  void write(std::string words) {
    const std::lock_guard guard{mutex_};
    words_ = std::move(words);
  }
  std::string read() const {
    const std::lock_guard guard{mutex_};
    return words_;
  }

private:
  mutable std::mutex mutex_;
  std::string words_;
};

} // namespace

TEST_CASE("controllers: G01 a shared one serves clients of several protocols",
          "[integration][controller]") {
  mailbox<std::string> told;
  running_server server{quick_config(2), [&](troupe::server& to) {
                          auto& all = to.endpoint("/all", all_protocols);
                          mount(all, shared_controller(std::make_shared<board>()));
                          mount<visit>(all, std::ref(told)); // joined on one endpoint
                        }};
  native_client writer{server.port(), "/all", "Sec-WebSocket-Protocol: troupe.v1\r\n"};
  writer.emit("write", "left here");
  writer.ask("read");
  CHECK(writer.wait_for(protocol::operation::reply).argument<std::string>() == "left here");
  neffos_client reader{server.port(), "/all"};
  reader.connect();
  CHECK(reader.ask("$2;default;;read;0;0;") == "$2;default;;read;0;0;left here");
  CHECK(reader.ask("$3;default;;step;0;0;") == "$3;default;;step;0;0;1");
}

TEST_CASE("controllers: G07 the read timeout of one ends silent clients",
          "[integration][controller]") {
  running_server server{
      quick_config(), [&](troupe::server& to) {
        mount(to.endpoint("/all", speaks::neffos),
              shared_controller(std::make_shared<board>()).limits({.read_timeout = 100ms}));
      }};
  neffos_client client{server.port(), "/all"};
  client.open();
  CHECK(client.ws().wait_end());
}

} // namespace troupe::test
