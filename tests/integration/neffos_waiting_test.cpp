#include "tests/integration/support/hook_log.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

/// "/neffos", which puts clients into "lobby": while they open, with "?opening", or as soon as they
/// are connected, with "?connected".
struct waiting_fixture {
  void add(troupe::server& to) {
    auto& all = to.endpoint("/neffos", speaks::neffos);
    log.listen(all);
    log.listen(all.space("chat"));
    all.on_open([](connection& c) {
      if (c.request().query("opening"))
        c.join("lobby");
    });
    all.on_connected([](connection& c) {
      if (c.request().query("connected"))
        c.join("lobby");
    });
    all.on("echo", [](payload_view body) { return make_payload(body); });
    all.on("join", [](connection& c, const std::string& room) { c.join(room); });
    all.on("lead", [](connection& c) { c.connect_space("chat"); });
    all.on("await-chat", [](connection& c) { c.value<bool>() = true; });
    all.on("await-briefly", [](connection& c) {
      c.after(20ms, [&c] { c.emit(c.in_space("chat") == nullptr ? "in vain" : "there"); });
    });
    all.rooms("lobby").relay_to_all("say");
    all.space("chat").on_connected([](connection& c) {
      if (c.value<bool>())
        c.in_space("default")->emit("there");
    });
  }
  void check_log(const std::vector<std::string>& lines) {
    for (auto& line : lines)
      CHECK(log.next() == line);
  }
  static config settings() {
    auto all = quick_config();
    all.limits.pong_timeout = 200ms;
    return all;
  }

  hook_log log;
  running_server server{settings(), [this](troupe::server& s) { add(s); }};
  neffos_client client{server.port()};
};

} // namespace

TEST_CASE("neffos N11: the server waits until the client connects a namespace",
          "[integration][neffos]") {
  waiting_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("await-chat");
  CHECK(client.is_quiet()); // nothing is blocked meanwhile
  CHECK(client.ask("$1;chat;;_OnNamespaceConnect;0;0;") == confirmed("$1"));
  CHECK(client.next() == ";default;;there;0;0;");
}

TEST_CASE("neffos N11: that may have a deadline", "[integration][neffos]") {
  waiting_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("await-briefly");
  CHECK(client.next() == ";default;;in vain;0;0;");
  client.connect("chat");
  client.emit("await-briefly");
  CHECK(client.next() == ";default;;there;0;0;");
}

TEST_CASE("neffos R13: a room can be joined as soon as the namespace is connected",
          "[integration][neffos]") {
  waiting_fixture fixture;
  neffos_client client{fixture.server.port(), "/neffos?connected"};
  client.connect();
  client.send(confirmed(client.next_request(";default;lobby;_OnRoomJoin;0;0;")));
  client.emit("say", "hello", "lobby");
  CHECK(client.next() == ";default;lobby;say;0;0;hello");
  fixture.check_log({"connect default", "join default lobby L", "joined default lobby L"});
}

TEST_CASE("neffos A04, R13: what is said ahead of M waits for the server's join",
          "[integration][neffos]") {
  waiting_fixture fixture;
  neffos_client client{fixture.server.port(), "/neffos?opening"};
  client.send("$1;default;;_OnNamespaceConnect;0;0;");
  client.send(";default;lobby;say;0;0;early");
  client.send("$2;default;;echo;0;0;not in the room");
  client.open();
  CHECK(client.next() == confirmed("$1"));
  const auto wait = client.next_request(";default;lobby;_OnRoomJoin;0;0;");
  CHECK(client.next() == "$2;default;;echo;0;0;not in the room");
  SECTION("which the client agrees to") {
    client.send(confirmed(wait));
    CHECK(client.next() == ";default;lobby;say;0;0;early");
  }
  SECTION("which it refuses") {
    client.send(wait + ";default;lobby;_OnRoomJoin;1;0;no");
    CHECK(client.next() == ";default;lobby;say;1;0;bad room");
  }
  SECTION("which it does not answer") {
    CHECK(client.next() == ";default;lobby;say;1;0;bad room");
  }
}

TEST_CASE("neffos N16: what is said in a room waits for the server's join, in its order",
          "[integration][neffos]") {
  waiting_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("join", "r");
  client.emit("join", "other");
  const auto wait = client.next_request(";default;r;_OnRoomJoin;0;0;");
  const auto other = client.next_request(";default;other;_OnRoomJoin;0;0;");
  client.send("$1;default;r;echo;0;0;one");
  client.send("$2;default;r;_OnRoomLeave;0;0;");
  client.send("$3;default;r;echo;0;0;two");
  client.send("$4;default;other;echo;0;0;three");
  CHECK(client.is_quiet());
  client.send(confirmed(wait));
  CHECK(client.next() == "$1;default;r;echo;0;0;one");
  CHECK(client.next() == confirmed("$2"));
  CHECK(client.next() == "$3;default;r;echo;1;0;bad room");
  CHECK(client.is_quiet()); // the fourth waits for another room
  client.send(confirmed(other));
  CHECK(client.next() == "$4;default;other;echo;0;0;three");
}

TEST_CASE("neffos N16: only so much may wait for a join", "[integration][neffos]") {
  waiting_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("join", "r");
  client.next_request(";default;r;_OnRoomJoin;0;0;");
  for (int i = 0; i < 300; ++i)
    client.emit("echo", "early", "r");
  CHECK(client.ws().wait_close().code == 1008);
}

TEST_CASE("neffos E07: hooks know who wished it, and what nobody can refuse",
          "[integration][neffos]") {
  waiting_fixture fixture;
  auto& client = fixture.client.connect();
  client.join("one");
  client.emit("join", "two");
  client.send(confirmed(client.next_request(";default;two;_OnRoomJoin;0;0;")));
  fixture.check_log({"connect default", "join default one", "joined default one",
                     "join default two L", "joined default two L"});
  client.emit("lead");
  client.send(confirmed(client.next_request(";chat;;_OnNamespaceConnect;0;0;")));
  client.join("three", "chat");
  fixture.check_log({"connect chat L", "join chat three", "joined chat three"});
  CHECK(client.ask("$1;chat;;_OnNamespaceDisconnect;0;0;") == confirmed("$1"));
  fixture.check_log({"disconnect chat", "leave chat three F", "left chat three F"});
  CHECK(client.ask("$2;default;one;_OnRoomLeave;0;0;") == confirmed("$2"));
  fixture.check_log({"leave default one", "left default one"});
  client.ws().socket().reset();
  fixture.check_log({"leave default two LF", "left default two LF", "disconnect default LF"});
}

} // namespace troupe::test
