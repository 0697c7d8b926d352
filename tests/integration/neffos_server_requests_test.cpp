#include "troupe/refused.hpp"

#include "tests/integration/support/hook_log.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

/// "/neffos": clients of "default" make the server connect, disconnect, join and leave for them,
/// in the namespace that the body names or, of rooms, in "chat".
struct requests_fixture {
  void add(troupe::server& to) {
    auto& all = to.endpoint("/neffos", speaks::neffos);
    all.on("connect", [this](connection& c, const std::string& space) {
      c.connect_space(space, [this](result<connection*, ask_error> got) {
        log.put(got ? "got " + std::string{(*got)->space()} : "failed: " + got.error().text);
      });
    });
    all.on("disconnect",
           [](connection& c, const std::string& space) { c.in_space(space)->disconnect_space(); });
    all.on("disconnect-all", [](connection& c) {
      for (const auto name : c.spaces())
        c.in_space(name)->disconnect_space();
    });
    all.on("join", [](connection& c, const std::string& room) { c.in_space("chat")->join(room); });
    all.on("leave", [](connection& c, const std::string& r) { c.in_space("chat")->leave(r); });
    all.on("twice", [](connection& c, const std::string& room) {
      c.in_space("chat")->join(room);
      c.in_space("chat")->join(room);
      c.in_space("chat")->leave(room);
    });
    all.on("leave-all", [](connection& c) {
      auto& there = *c.in_space("chat");
      for (const auto room : there.rooms())
        there.leave(room);
    });
    auto& chat = all.space("chat");
    log.listen(chat);
    chat.on("echo", [](payload_view body) { return make_payload(body); });
    chat.rooms("closed").on_join([](troupe::room&) { throw refused{"closed"}; });
    chat.rooms("talk").on("remove-me", [](troupe::room& r) { r.remove(r.sender().id); });
    all.space("vain").on_connect([](connection&) { throw refused{"in vain"}; });
  }

  /// The client is in "default", and the server has connected it to "chat".
  void connect_chat() {
    client.connect();
    client.emit("connect", "chat");
    client.send(confirmed(client.next_request(";chat;;_OnNamespaceConnect;0;0;")));
    check_log({"connect chat L", "connected chat L", "got chat"});
  }
  void join_chat(std::string_view room) {
    const std::string name{room};
    client.emit("join", name);
    client.send(confirmed(client.next_request(";chat;" + name + ";_OnRoomJoin;0;0;")));
    check_log({"join chat " + name + " L", "joined chat " + name + " L"});
  }
  void check_log(const std::vector<std::string>& lines) {
    for (auto& line : lines)
      CHECK(log.next() == line);
  }

  static config settings() {
    auto all = quick_config();
    all.limits.pong_timeout = std::chrono::milliseconds{200};
    return all;
  }

  hook_log log;
  running_server server{settings(), [this](troupe::server& s) { add(s); }};
  neffos_client client{server.port()};
};

} // namespace

TEST_CASE("neffos N06: the server connects a client, which is asked", "[integration][neffos]") {
  requests_fixture fixture;
  fixture.connect_chat();
  CHECK(fixture.client.is_quiet("chat"));
  CHECK(fixture.client.ask("$1;chat;;_OnNamespaceConnect;0;0;") == confirmed("$1"));
}

TEST_CASE("neffos N06: a client, a hook or the protocol refuses", "[integration][neffos]") {
  requests_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("connect", "chat");
  const auto wait = client.next_request(";chat;;_OnNamespaceConnect;0;0;");
  client.send(wait + ";chat;;_OnNamespaceConnect;1;0;bad namespace");
  fixture.check_log({"connect chat L", "failed: bad namespace"});
  CHECK(client.ask("$1;chat;;echo;0;0;") == "$1;chat;;echo;1;0;bad namespace");
  client.emit("connect", "vain");
  fixture.check_log({"failed: in vain"});
  client.emit("connect", "unknown");
  CHECK(fixture.log.next().starts_with("failed: "));
  client.emit("connect", "default");
  fixture.check_log({"got default"});
}

TEST_CASE("neffos N06: one that is asked twice at once is asked once", "[integration][neffos]") {
  requests_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("connect", "chat");
  client.emit("connect", "chat");
  client.send(confirmed(client.next_request(";chat;;_OnNamespaceConnect;0;0;")));
  fixture.check_log({"connect chat L", "connected chat L", "got chat", "got chat"});
}

TEST_CASE("neffos N06: a client that does not answer in time is not in", "[integration][neffos]") {
  requests_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("connect", "chat");
  const auto wait = client.next_request(";chat;;_OnNamespaceConnect;0;0;");
  fixture.check_log({"connect chat L"});
  CHECK(fixture.log.next().starts_with("failed: "));
  client.send(confirmed(wait)); // too late
  CHECK(client.ask("$1;chat;;echo;0;0;") == "$1;chat;;echo;1;0;bad namespace");
}

TEST_CASE("neffos N06: a client that hangs up has failed", "[integration][neffos]") {
  requests_fixture fixture;
  fixture.client.connect().emit("connect", "chat");
  fixture.client.next_request(";chat;;_OnNamespaceConnect;0;0;");
  fixture.client.ws().socket().reset();
  fixture.check_log({"connect chat L"});
  CHECK(fixture.log.next().starts_with("failed: "));
}

TEST_CASE("neffos N15: what a client says while it is being connected waits",
          "[integration][neffos]") {
  requests_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("connect", "chat");
  const auto wait = client.next_request(";chat;;_OnNamespaceConnect;0;0;");
  client.send("$1;chat;;echo;0;0;early");
  client.send("$2;chat;r;_OnRoomJoin;0;0;");
  client.send("$3;chat;r;echo;0;0;in the room");
  CHECK(client.ask("$4;default;;none;0;0;").starts_with("$4;default;;none;1;0;")); // goes on
  client.send(confirmed(wait));
  CHECK(client.next() == "$1;chat;;echo;0;0;early");
  CHECK(client.next() == confirmed("$2"));
  CHECK(client.next() == "$3;chat;r;echo;0;0;in the room");
  fixture.check_log({"connect chat L", "connected chat L", "got chat", "join chat r"});
}

TEST_CASE("neffos N09: the server disconnects, rooms first, which nobody can refuse",
          "[integration][neffos]") {
  requests_fixture fixture;
  fixture.connect_chat();
  fixture.join_chat("r");
  auto& client = fixture.client;
  client.emit("disconnect", "chat");
  const auto wait = client.next_request(";chat;;_OnNamespaceDisconnect;0;0;");
  SECTION("agreed") {
    client.send(confirmed(wait));
  }
  SECTION("refused") {
    client.send(wait + ";chat;;_OnNamespaceDisconnect;1;0;no");
  }
  SECTION("not answered") {}
  fixture.check_log({"leave chat r LF", "left chat r LF", "disconnect chat L"});
  CHECK(client.ask("$1;chat;;echo;0;0;") == "$1;chat;;echo;1;0;bad namespace");
}

TEST_CASE("neffos N09: all namespaces can be disconnected", "[integration][neffos]") {
  requests_fixture fixture;
  fixture.connect_chat();
  auto& client = fixture.client;
  client.emit("disconnect-all");
  client.send(confirmed(client.next_request(";default;;_OnNamespaceDisconnect;0;0;")));
  client.send(confirmed(client.next_request(";chat;;_OnNamespaceDisconnect;0;0;")));
  CHECK(client.ask("$1;default;;echo;0;0;") == "$1;default;;echo;1;0;bad namespace");
  CHECK(client.ask("$2;chat;;echo;0;0;") == "$2;chat;;echo;1;0;bad namespace");
  fixture.check_log({"disconnect chat L"});
}

TEST_CASE("neffos N16: a request of the server is done when the next frame is handled",
          "[integration][neffos]") {
  requests_fixture fixture;
  fixture.connect_chat();
  auto& client = fixture.client;
  SECTION("a room just joined can be left") {
    client.emit("join", "r");
    client.send(confirmed(client.next_request(";chat;r;_OnRoomJoin;0;0;")));
    client.send("$1;chat;r;_OnRoomLeave;0;0;");
    CHECK(client.next() == confirmed("$1"));
    fixture.check_log({"join chat r L", "joined chat r L", "leave chat r", "left chat r"});
  }
  SECTION("a namespace just disconnected can be connected") {
    client.emit("disconnect", "chat");
    client.send(confirmed(client.next_request(";chat;;_OnNamespaceDisconnect;0;0;")));
    client.send("$1;chat;;_OnNamespaceConnect;0;0;");
    CHECK(client.next() == confirmed("$1"));
    CHECK(client.is_quiet("chat"));
    fixture.check_log({"disconnect chat L", "connect chat", "connected chat"});
  }
}

TEST_CASE("neffos R06: the server puts a client into a room, once", "[integration][neffos]") {
  requests_fixture fixture;
  fixture.connect_chat();
  fixture.join_chat("r");
  fixture.client.emit("join", "r");
  CHECK(fixture.client.ask("$1;chat;r;echo;0;0;x") == "$1;chat;r;echo;0;0;x");
}

TEST_CASE("neffos R06: a client may refuse; one whom the room refuses is taken out again",
          "[integration][neffos]") {
  requests_fixture fixture;
  fixture.connect_chat();
  auto& client = fixture.client;
  client.emit("join", "r");
  client.send(client.next_request(";chat;r;_OnRoomJoin;0;0;") + ";chat;r;_OnRoomJoin;1;0;no");
  CHECK(client.ask("$1;chat;r;echo;0;0;x") == "$1;chat;r;echo;1;0;bad room");
  client.emit("join", "closed");
  client.send(confirmed(client.next_request(";chat;closed;_OnRoomJoin;0;0;")));
  client.send(confirmed(client.next_request(";chat;closed;_OnRoomLeave;0;0;")));
  fixture.check_log({"join chat closed L"});
  CHECK(client.is_quiet("chat"));
}

TEST_CASE("neffos R06, R07: a join that is taken back is a join and a leave",
          "[integration][neffos]") {
  requests_fixture fixture;
  fixture.connect_chat();
  auto& client = fixture.client;
  client.emit("twice", "r");
  client.send(confirmed(client.next_request(";chat;r;_OnRoomJoin;0;0;")));
  client.send(confirmed(client.next_request(";chat;r;_OnRoomLeave;0;0;")));
  fixture.check_log({"join chat r L", "joined chat r L", "leave chat r L", "left chat r L"});
  CHECK(client.is_quiet("chat"));
}

TEST_CASE("neffos R07: the server takes a client out of one or all rooms",
          "[integration][neffos]") {
  requests_fixture fixture;
  fixture.connect_chat();
  auto& client = fixture.client;
  for (const auto* room : {"one", "two", "three"})
    fixture.join_chat(room);
  client.emit("leave", "two");
  const auto wait = client.next_request(";chat;two;_OnRoomLeave;0;0;");
  SECTION("agreed") {
    client.send(confirmed(wait));
  }
  SECTION("refused") {
    client.send(wait + ";chat;two;_OnRoomLeave;1;0;no");
  }
  SECTION("not answered") {}
  fixture.check_log({"leave chat two L", "left chat two L"});
  client.emit("leave-all");
  client.send(confirmed(client.next_request(";chat;one;_OnRoomLeave;0;0;")));
  client.send(confirmed(client.next_request(";chat;three;_OnRoomLeave;0;0;")));
  fixture.check_log(
      {"leave chat one L", "left chat one L", "leave chat three L", "left chat three L"});
}

TEST_CASE("neffos R07: a client that its room removes is told", "[integration][neffos]") {
  requests_fixture fixture;
  fixture.connect_chat();
  fixture.join_chat("talk");
  fixture.client.emit("remove-me", {}, "talk", "chat");
  fixture.client.send(confirmed(fixture.client.next_request(";chat;talk;_OnRoomLeave;0;0;")));
  fixture.check_log({"leave chat talk LF", "left chat talk LF"});
  CHECK(fixture.client.is_quiet("chat"));
}

} // namespace troupe::test
