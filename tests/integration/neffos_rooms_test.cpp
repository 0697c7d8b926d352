#include "troupe/refused.hpp"

#include "tests/integration/support/hook_log.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

/// "/neffos" with the namespaces "default" and "chat"; rooms "closed..." let nobody in, and nobody
/// out of "sticky".
struct rooms_fixture {
  void add(troupe::server& to) {
    auto& all = to.endpoint("/neffos", speaks::neffos);
    for (const auto* name : {"default", "chat"}) {
      auto& space = all.space(name);
      log.listen(space);
      space.on("echo", [](payload_view body) { return make_payload(body); });
      space.on_joined([this](connection& c, std::string_view room, cause) {
        log.put("joined " + std::string{room});
        c.emit("in", room);
      });
      space.on("rooms", [](connection& c) { return c.rooms(); });
      space.on("to-self",
               [](connection& c, const std::string& room) { c.to_self(room).emit("only you"); });
      space.rooms("closed").on_join([](troupe::room&, std::optional<std::string> word) {
        if (word != "sesame")
          throw refused{"room not allowed"};
      });
      space.rooms("talk").on("who", [](troupe::room& r) {
        r.to(r.sender().id).emit("here", r.members().size(), r.size());
      });
    }
    all.on_join([](connection&, std::string_view room, cause) {
      if (room == "hook")
        throw refused{"the hook says no"};
    });
    all.on_leave([](connection&, std::string_view room, cause why) {
      if (room == "sticky" && !why.is_forced)
        throw refused{"you stay"};
    });
  }

  hook_log log;
  running_server server{quick_config(), [this](troupe::server& s) { add(s); }};
  neffos_client client{server.port()};
};

} // namespace

TEST_CASE("neffos R01: a room, or a hook, refuses with its text", "[integration][neffos]") {
  rooms_fixture fixture;
  auto& client = fixture.client.connect();
  CHECK(client.ask("$1;default;closed;_OnRoomJoin;0;0;")
        == "$1;default;closed;_OnRoomJoin;1;0;room not allowed");
  CHECK(client.ask("$2;default;hook;_OnRoomJoin;0;0;")
        == "$2;default;hook;_OnRoomJoin;1;0;the hook says no");
  CHECK(client.ask("$3;default;;rooms;0;0;") == "$3;default;;rooms;0;0;[]");
  client.send("$4;default;closed;_OnRoomJoin;0;0;sesame");
  CHECK(client.next() == ";default;;in;0;0;closed");
  CHECK(client.next() == confirmed("$4"));
}

TEST_CASE("neffos R01: a name that is too long is a bad room", "[integration][neffos]") {
  rooms_fixture fixture;
  const auto room = std::string(129, 'r');
  CHECK(fixture.client.connect().ask("$1;default;" + room + ";_OnRoomJoin;0;0;")
        == "$1;default;" + room + ";_OnRoomJoin;1;0;bad room");
}

TEST_CASE("neffos R02: the reply comes behind join and joined", "[integration][neffos]") {
  rooms_fixture fixture;
  auto& client = fixture.client.connect("chat");
  CHECK(fixture.log.next() == "connect chat");
  CHECK(fixture.log.next() == "connected chat");
  client.send("$1;chat;r;_OnRoomJoin;0;0;");
  CHECK(client.next() == ";chat;;in;0;0;r"); // sent by the hook of joined
  CHECK(client.next() == confirmed("$1"));
  CHECK(fixture.log.next() == "join chat r");
  CHECK(fixture.log.next() == "joined r");
}

TEST_CASE("neffos R03: joining twice is confirmed and does nothing", "[integration][neffos]") {
  rooms_fixture fixture;
  auto& client = fixture.client.connect();
  client.send("$1;default;r;_OnRoomJoin;0;0;");
  client.send("$2;default;r;_OnRoomJoin;0;0;");
  CHECK(client.next() == ";default;;in;0;0;r");
  CHECK(client.next() == confirmed("$1"));
  CHECK(client.next() == confirmed("$2"));
  CHECK(client.is_quiet());
}

TEST_CASE("neffos R04: leaving is confirmed behind its hooks", "[integration][neffos]") {
  rooms_fixture fixture;
  auto& client = fixture.client.connect("chat");
  client.send("$1;chat;r;_OnRoomJoin;0;0;");
  CHECK(client.next() == ";chat;;in;0;0;r");
  CHECK(client.next() == confirmed("$1"));
  CHECK(client.ask("$2;chat;r;_OnRoomLeave;0;0;") == confirmed("$2"));
  for (const auto* line :
       {"connect chat", "connected chat", "join chat r", "joined r", "leave chat r", "left chat r"})
    CHECK(fixture.log.next() == line);
  CHECK(client.ask("$3;chat;;rooms;0;0;") == "$3;chat;;rooms;0;0;[]");
}

TEST_CASE("neffos R04: leaving may be refused", "[integration][neffos]") {
  rooms_fixture fixture;
  auto& client = fixture.client.connect();
  client.send("$1;default;sticky;_OnRoomJoin;0;0;");
  CHECK(client.next() == ";default;;in;0;0;sticky");
  CHECK(client.next() == confirmed("$1"));
  CHECK(client.ask("$2;default;sticky;_OnRoomLeave;0;0;")
        == "$2;default;sticky;_OnRoomLeave;1;0;you stay");
  CHECK(client.ask("$3;default;;rooms;0;0;") == R"($3;default;;rooms;0;0;["sticky"])");
}

TEST_CASE("neffos R05: leaving a room one is not in is confirmed", "[integration][neffos]") {
  rooms_fixture fixture;
  CHECK(fixture.client.connect().ask("$1;default;r;_OnRoomLeave;0;0;") == confirmed("$1"));
}

TEST_CASE("neffos R08: rooms belong to their namespace, any name will do",
          "[integration][neffos]") {
  rooms_fixture fixture;
  auto& client = fixture.client.connect().connect("chat");
  for (const auto* room : {"", "ein Raum", "r@%!semicolon@%!r", "*"}) {
    client.send("$1;default;" + std::string{room} + ";_OnRoomJoin;0;0;");
    CHECK(client.next().starts_with(";default;;in;0;0;"));
    CHECK(client.next() == confirmed("$1"));
  }
  CHECK(client.ask("$2;default;;rooms;0;0;")
        == R"($2;default;;rooms;0;0;["","ein Raum","r;r","*"])");
  CHECK(client.ask("$3;chat;;rooms;0;0;") == "$3;chat;;rooms;0;0;[]");
  CHECK(client.ask("$4;default;r@%!semicolon@%!r;echo;0;0;x")
        == "$4;default;r@%!semicolon@%!r;echo;0;0;x");
}

TEST_CASE("neffos R09, R10: an event of a room goes to one who is in it", "[integration][neffos]") {
  rooms_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("to-self", "r");
  CHECK(client.is_quiet());
  client.send("$1;default;r;_OnRoomJoin;0;0;");
  CHECK(client.next() == ";default;;in;0;0;r");
  CHECK(client.next() == confirmed("$1"));
  client.emit("to-self", "r");
  CHECK(client.next() == ";default;r;only you;0;0;");
}

TEST_CASE("neffos R11: messages to a room one is not in are refused", "[integration][neffos]") {
  rooms_fixture fixture;
  auto& client = fixture.client.connect();
  CHECK(client.ask("$1;default;other;echo;0;0;x") == "$1;default;other;echo;1;0;bad room");
  CHECK(client.ask(";default;other;echo;0;0;x") == ";default;other;echo;1;0;bad room");
}

TEST_CASE("neffos R12: a room lists its members", "[integration][neffos]") {
  rooms_fixture fixture;
  neffos_client other{fixture.server.port()};
  for (auto* each : {&fixture.client, &other}) {
    each->connect().send("$1;default;talk;_OnRoomJoin;0;0;");
    CHECK(each->next() == ";default;;in;0;0;talk");
    CHECK(each->next() == confirmed("$1"));
  }
  other.emit("who", {}, "talk");
  CHECK(other.next() == ";default;talk;here;0;0;[2,2]");
}

TEST_CASE("neffos R14: neffos.js' leaveAll is taken for a leave", "[integration][neffos]") {
  rooms_fixture fixture;
  auto& client = fixture.client.connect();
  client.send("$1;default;r;_OnRoomJoin;0;0;");
  CHECK(client.next() == ";default;;in;0;0;r");
  CHECK(client.next() == confirmed("$1"));
  CHECK(client.ask("$2;default;r;_OnRoomLeft;0;0;") == confirmed("$2"));
  CHECK(client.ask("$3;default;;rooms;0;0;") == "$3;default;;rooms;0;0;[]");
  client.send(";default;r;_OnRoomLeft;0;0;"); // without a token it is a lie
  CHECK(client.is_quiet());
}

} // namespace troupe::test
