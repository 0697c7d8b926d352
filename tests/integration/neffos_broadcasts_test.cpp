#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <thread>

namespace troupe::test {

namespace {

/// "/neffos", where clients are called by their query and speak to the others in all ways.
void add_chat(server& to) {
  auto& all = to.endpoint("/neffos", speaks::neffos);
  all.client_ids([](const request& from) { return from.query("id").value_or("nobody"); });
  all.on_open([&all](connection& c) { all.to_all().emit("opens", c.client_id()); });
  for (const auto* name : {"default", "chat"}) {
    auto& space = all.space(name);
    space.on("echo", [](payload_view body) { return make_payload(body); });
    space.on("id", [](connection& c) { return c.id(); });
    space.on("all", [](connection& c, payload_view body) { c.to_all().emit("all", body); });
    space.on("others",
             [](connection& c, payload_view body) { c.to_others().emit("others", body); });
    space.on("room", [](connection& c, const std::string& room) { c.to(room).emit("hi"); });
    space.on("room-others",
             [](connection& c, const std::string& room) { c.to_others(room).emit("hi"); });
    space.on("one", [](connection& c, connection_id id) { c.to(id).emit("one"); });
    space.on("client",
             [](connection& c, const std::string& id) { c.to_client(id).emit("client"); });
    space.on_connected([name](connection& c) {
      if (name == std::string_view{"chat"})
        c.to_others().emit("comes", c.client_id());
    });
    space.on("count", [](connection& c, int up_to) {
      for (int i = 0; i < up_to; ++i)
        c.to_all().emit("count", i);
    });
  }
}

struct broadcast_fixture {
  neffos_client connect(std::string_view id) {
    neffos_client made{server.port(), "/neffos?id=" + std::string{id}};
    made.connect();
    return made;
  }
  /// "opens" of those who came later is not what the test is about.
  static void skip_opens(neffos_client& client, int count) {
    for (int i = 0; i < count; ++i)
      CHECK(client.next().starts_with(";default;;opens;0;0;"));
  }
  space& everybody() { return server->endpoint("/neffos"); }

  running_server server{quick_config(2), add_chat};
  neffos_client ann{connect("ann")};
  neffos_client bob{connect("bob")};
  neffos_client eve{connect("eve")};
  bool are_open = (skip_opens(ann, 2), skip_opens(bob, 1), true);
};

} // namespace

TEST_CASE("neffos B01: to a namespace, a room, a connection, an id", "[integration][neffos]") {
  broadcast_fixture fixture;
  auto& [server, ann, bob, eve, open] = fixture;
  ann.emit("all", "x");
  for (auto* each : {&ann, &bob, &eve})
    CHECK(each->next() == ";default;;all;0;0;x");
  bob.join("r");
  eve.join("r");
  ann.emit("room", "r");
  CHECK(bob.next() == ";default;r;hi;0;0;");
  CHECK(eve.next() == ";default;r;hi;0;0;");
  const auto got = eve.ask("$1;default;;id;0;0;");
  ann.emit("one", got.substr(got.rfind(';') + 1));
  CHECK(eve.next() == ";default;;one;0;0;");
  ann.emit("client", "bob");
  CHECK(bob.next() == ";default;;client;0;0;");
  ann.emit("client", "nobody");
  for (auto* each : {&ann, &bob, &eve})
    CHECK(each->is_quiet());
}

TEST_CASE("neffos B01: other namespaces hear nothing", "[integration][neffos]") {
  broadcast_fixture fixture;
  auto& [server, ann, bob, eve, open] = fixture;
  bob.connect("chat").join("r", "chat");
  ann.emit("all", "x");
  CHECK(bob.next() == ";default;;all;0;0;x");
  ann.emit("room", "r"); // of "default"
  CHECK(bob.is_quiet());
  bob.emit("all", "y", {}, "chat");
  CHECK(bob.next() == ";chat;;all;0;0;y");
  CHECK(ann.next() == ";default;;all;0;0;x");
  CHECK(ann.is_quiet());
}

TEST_CASE("neffos B02, B08: to all, or to all others", "[integration][neffos]") {
  broadcast_fixture fixture;
  auto& [server, ann, bob, eve, open] = fixture;
  ann.emit("others", "x");
  CHECK(bob.next() == ";default;;others;0;0;x");
  CHECK(eve.next() == ";default;;others;0;0;x");
  ann.join("r");
  bob.join("r");
  ann.emit("room-others", "r");
  CHECK(bob.next() == ";default;r;hi;0;0;");
  CHECK(ann.is_quiet());
  CHECK(eve.is_quiet());
}

TEST_CASE("neffos B03: to all but those with an id, also in a room", "[integration][neffos]") {
  broadcast_fixture fixture;
  auto& [server, ann, bob, eve, open] = fixture;
  auto second_bob = fixture.connect("bob");
  for (auto* each : {&ann, &bob, &eve})
    fixture.skip_opens(*each, 1);
  fixture.everybody().to_all_but("bob").emit("news", 1);
  CHECK(ann.next() == ";default;;news;0;0;1");
  CHECK(eve.next() == ";default;;news;0;0;1");
  for (auto* each : {&ann, &bob, &second_bob})
    each->join("r");
  fixture.everybody().to_all_but("bob", "r").emit("news", 2);
  CHECK(ann.next() == ";default;r;news;0;0;2");
  for (auto* each : {&bob, &second_bob, &eve})
    CHECK(each->is_quiet());
}

TEST_CASE("neffos B04, B06: nothing is lost, in the sender's order", "[integration][neffos]") {
  broadcast_fixture fixture;
  auto& [server, ann, bob, eve, open] = fixture;
  ann.emit("count", "500");
  for (int i = 0; i < 500; ++i) {
    const auto wanted = ";default;;count;0;0;" + std::to_string(i);
    for (auto* each : {&ann, &bob, &eve})
      REQUIRE(each->next() == wanted);
  }
}

TEST_CASE("neffos B05: bytes stay bytes", "[integration][neffos]") {
  broadcast_fixture fixture;
  auto& [server, ann, bob, eve, open] = fixture;
  ann.send_binary(";default;;others;0;0;\x01;\xFF");
  CHECK(bob.next() == "BIN ;default;;others;0;0;\x01;\xFF");
  ann.send(";default;;others;0;0;text");
  CHECK(bob.next() == ";default;;others;0;0;text");
}

TEST_CASE("neffos B09: a broadcast of what was asked carries no token", "[integration][neffos]") {
  broadcast_fixture fixture;
  auto& [server, ann, bob, eve, open] = fixture;
  ann.send("$1;default;;others;0;0;x");
  CHECK(bob.next() == ";default;;others;0;0;x");
  CHECK(ann.is_quiet());
}

TEST_CASE("neffos B10: broadcasts from hooks and handlers", "[integration][neffos]") {
  broadcast_fixture fixture; // its clients have heard each other open
  auto& [server, ann, bob, eve, open] = fixture;
  ann.connect("chat");
  bob.connect("chat");
  CHECK(ann.next() == ";chat;;comes;0;0;bob"); // of on_connected
  bob.emit("others", "x", {}, "chat");
  CHECK(ann.next() == ";chat;;others;0;0;x");
}

TEST_CASE("neffos B10: broadcasts from any thread", "[integration][neffos]") {
  broadcast_fixture fixture;
  auto& [server, ann, bob, eve, open] = fixture;
  std::vector<std::thread> senders;
  for (int i = 0; i < 2; ++i)
    senders.emplace_back([&, i] {
      for (int k = 0; k < 50; ++k)
        fixture.everybody().to_all().emit(i == 0 ? "a" : "b", k);
    });
  for (auto& each : senders)
    each.join();
  int next[2] = {};
  for (int k = 0; k < 100; ++k) {
    const auto got = eve.next();
    const auto which = got.starts_with(";default;;a;") ? 0 : 1;
    CHECK(got.substr(got.rfind(';') + 1) == std::to_string(next[which]++));
  }
}

} // namespace troupe::test
