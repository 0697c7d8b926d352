#include "troupe/refused.hpp"

#include "tests/integration/support/hook_log.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

/// "/neffos" with the namespaces "default", "chat", "" and "forbidden"; those but the last write
/// down what happens, and greet whoever is in.
struct spaces_fixture {
  void add(troupe::server& to) {
    auto& all = to.endpoint("/neffos", speaks::neffos);
    for (const auto* name : {"default", "chat", ""}) {
      auto& space = all.space(name);
      log.listen(space);
      space.on("echo", [](payload_view body) { return make_payload(body); });
      space.on_connected([this, name](connection& c) {
        log.put("connected " + std::string{name});
        c.emit("welcome");
      });
      space.on("spaces", [](connection& c) { return c.spaces().size(); });
      space.on("look-up", [](connection& c, const std::string& other) {
        const auto* found = c.in_space(other);
        return found == nullptr ? std::string{"none"} : std::string{found->space()};
      });
    }
    all.space("forbidden").on_connect([](connection&) { throw refused{"you shall not pass"}; });
    all.space("broken").on_connect([](connection&) { throw std::runtime_error{"a secret"}; });
    all.space("sticky").on_disconnect([this](connection&, const close_info& why) {
      if (!why.by.is_forced && --tries == 0)
        throw refused{"not yet"};
    });
  }

  void connect(std::string_view space) {
    client.connect(space);
    CHECK(client.next() == ";" + std::string{space} + ";;welcome;0;0;");
    CHECK(log.next() == "connect " + std::string{space});
    CHECK(log.next() == "connected " + std::string{space});
  }

  int tries = 1;
  hook_log log;
  running_server server{quick_config(), [this](troupe::server& s) { add(s); }};
  neffos_client client{server.port()};
};

} // namespace

TEST_CASE("neffos N01: a hook refuses a namespace with its text", "[integration][neffos]") {
  spaces_fixture fixture;
  auto& client = fixture.client.open();
  CHECK(client.ask("$1;forbidden;;_OnNamespaceConnect;0;0;")
        == "$1;forbidden;;_OnNamespaceConnect;1;0;you shall not pass");
  CHECK(client.ask("$2;forbidden;;echo;0;0;") == "$2;forbidden;;echo;1;0;bad namespace");
  const auto failed = client.ask("$3;broken;;_OnNamespaceConnect;0;0;");
  CHECK(failed.starts_with("$3;broken;;_OnNamespaceConnect;1;0;"));
  CHECK(failed.find("secret") == std::string::npos);
}

TEST_CASE("neffos N02: an unknown namespace is a bad one", "[integration][neffos]") {
  spaces_fixture fixture;
  CHECK(fixture.client.open().ask("$1;unknown;;_OnNamespaceConnect;0;0;")
        == "$1;unknown;;_OnNamespaceConnect;1;0;bad namespace");
}

TEST_CASE("neffos N03: connecting twice is confirmed and does nothing", "[integration][neffos]") {
  spaces_fixture fixture;
  fixture.connect("default");
  CHECK(fixture.client.ask("$2;default;;_OnNamespaceConnect;0;0;") == confirmed("$2"));
  CHECK(fixture.client.is_quiet());
  CHECK(fixture.log.size() == 0);
}

TEST_CASE("neffos N04: a connection has several namespaces, the empty one too",
          "[integration][neffos]") {
  spaces_fixture fixture;
  auto& client = fixture.client;
  for (const auto* name : {"default", "chat", ""})
    fixture.connect(name);
  for (const auto* name : {"default", "chat", ""})
    CHECK(client.is_quiet(name));
  CHECK(client.ask("$1;;;spaces;0;0;") == "$1;;;spaces;0;0;3");
}

TEST_CASE("neffos N05: the reply comes behind connect and ahead of connected",
          "[integration][neffos]") {
  spaces_fixture fixture;
  fixture.client.open();
  CHECK(fixture.client.ask("$1;chat;;_OnNamespaceConnect;0;0;") == confirmed("$1"));
  CHECK(fixture.client.next() == ";chat;;welcome;0;0;"); // sent by the hook of connected
  CHECK(fixture.log.next() == "connect chat");
  CHECK(fixture.log.next() == "connected chat");
}

TEST_CASE("neffos N07: disconnecting leaves the rooms, which nobody can refuse",
          "[integration][neffos]") {
  spaces_fixture fixture;
  fixture.connect("chat");
  for (const auto* room : {"one", "two"}) {
    fixture.client.join(room, "chat");
    CHECK(fixture.log.next() == "join chat " + std::string{room});
    CHECK(fixture.log.next() == "joined chat " + std::string{room});
  }
  CHECK(fixture.client.ask("$1;chat;;_OnNamespaceDisconnect;0;0;") == confirmed("$1"));
  for (const auto* line : {"disconnect chat", "leave chat one F", "left chat one F",
                           "leave chat two F", "left chat two F"})
    CHECK(fixture.log.next() == line);
  CHECK(fixture.client.ask("$2;chat;;echo;0;0;") == "$2;chat;;echo;1;0;bad namespace");
}

TEST_CASE("neffos N07: disconnecting may be refused", "[integration][neffos]") {
  spaces_fixture fixture;
  auto& client = fixture.client.connect("sticky");
  CHECK(client.ask("$1;sticky;;_OnNamespaceDisconnect;0;0;")
        == "$1;sticky;;_OnNamespaceDisconnect;1;0;not yet");
  CHECK(client.ask("$2;sticky;;_OnNamespaceConnect;0;0;") == confirmed("$2")); // it is still in
  CHECK(client.ask("$3;sticky;;_OnNamespaceDisconnect;0;0;") == confirmed("$3"));
}

TEST_CASE("neffos N08: disconnecting what is not connected is confirmed", "[integration][neffos]") {
  spaces_fixture fixture;
  auto& client = fixture.client.open();
  CHECK(client.ask("$1;default;;_OnNamespaceDisconnect;0;0;") == confirmed("$1"));
  CHECK(client.ask("$2;unknown;;_OnNamespaceDisconnect;0;0;") == confirmed("$2"));
  CHECK(fixture.log.size() == 0);
}

TEST_CASE("neffos N10: a namespace can be connected again", "[integration][neffos]") {
  spaces_fixture fixture;
  auto& client = fixture.client;
  for (int i = 0; i < 3; ++i) {
    fixture.connect("chat");
    CHECK(client.is_quiet("chat"));
    CHECK(client.ask("$1;chat;;_OnNamespaceDisconnect;0;0;") == confirmed("$1"));
    CHECK(fixture.log.next() == "disconnect chat");
  }
}

TEST_CASE("neffos N12: a connection finds its namespaces by name", "[integration][neffos]") {
  spaces_fixture fixture;
  auto& client = fixture.client;
  fixture.connect("default");
  fixture.connect("chat");
  CHECK(client.ask("$1;default;;look-up;0;0;chat") == "$1;default;;look-up;0;0;chat");
  CHECK(client.ask("$2;chat;;look-up;0;0;default") == "$2;chat;;look-up;0;0;default");
  CHECK(client.ask("$3;chat;;look-up;0;0;") == "$3;chat;;look-up;0;0;none");
}

TEST_CASE("neffos N13: system requests without a token, or no-op, do nothing",
          "[integration][neffos]") {
  spaces_fixture fixture;
  auto& client = fixture.client;
  fixture.connect("default");
  for (const auto* frame :
       {";chat;;_OnNamespaceConnect;0;0;", "$1;chat;;_OnNamespaceConnect;0;1;",
        ";default;;_OnNamespaceDisconnect;0;0;", "$1;default;;_OnNamespaceDisconnect;0;1;",
        ";default;room;_OnRoomJoin;0;0;", "$1;default;room;_OnRoomJoin;0;1;",
        ";default;room;_OnRoomLeave;0;0;", "$1;default;room;_OnRoomLeave;0;1;"})
    client.send(frame);
  CHECK(client.is_quiet());
  CHECK(fixture.log.size() == 0);
}

TEST_CASE("neffos N14: whatever goes to a namespace that is not connected is answered",
          "[integration][neffos]") {
  spaces_fixture fixture;
  auto& client = fixture.client.open();
  CHECK(client.ask("$1;default;;echo;0;0;x") == "$1;default;;echo;1;0;bad namespace");
  CHECK(client.ask(";default;;echo;0;0;x") == ";default;;echo;1;0;bad namespace");
  CHECK(client.ask("$2;default;r;_OnRoomJoin;0;0;")
        == "$2;default;r;_OnRoomJoin;1;0;bad namespace");
  CHECK(client.ask("$3;default;r;_OnRoomLeave;0;0;")
        == "$3;default;r;_OnRoomLeave;1;0;bad namespace");
  CHECK(client.ask("$4;unknown;;echo;0;0;x") == "$4;unknown;;echo;1;0;bad namespace");
  fixture.connect("chat");
  CHECK(client.ask("$5;default;;echo;0;0;x") == "$5;default;;echo;1;0;bad namespace");
}

} // namespace troupe::test
