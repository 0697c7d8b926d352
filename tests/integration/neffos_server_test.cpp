#include "troupe/refused.hpp"

#include "tests/integration/support/hook_log.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <set>
#include <thread>

namespace troupe::test {

namespace {

void add_echo(space& to) {
  to.on("echo", [](payload_view body) { return make_payload(body); });
}

/// "/neffos", whose clients the server connects to "news" and puts into the room "all" of it.
struct server_fixture {
  void add(troupe::server& to) {
    auto& all = to.endpoint("/neffos", speaks::neffos);
    all.on_open([this](connection& c) {
      if (c.request().query("id") == "evil")
        throw refused{"not you"};
      c.value<int>() = 40;
      c.to_all().emit("opens");
      c.connect_space("news", [this](const auto& got) { log.put(got ? "connected" : "failed"); });
    });
    all.on_close([this](connection&, const close_info&) { log.put("closed"); });
    add_echo(all);
    all.on("value", [](connection& c) { return ++c.value<int>(); });
    all.on("by-hand", [](connection& c) { c.send_text("by hand"); });
    all.on("tries", [](connection& c) { return c.request().reconnect_tries(); });
    for (const auto* name : {"", "news"})
      add_echo(all.space(name));
    all.space("news").on_connect([](connection& c) { c.join("all"); });
  }
  /// Opens a connection, agrees to what the server wishes and waits until it is in the room.
  neffos_client connect(std::string_view target = "/neffos") {
    neffos_client made{server.port(), target};
    made.open();
    made.send(confirmed(made.next_request(";news;;_OnNamespaceConnect;0;0;")));
    made.send(confirmed(made.next_request(";news;all;_OnRoomJoin;0;0;")));
    CHECK(log.next() == "connected");
    const auto said_in_room = "$in;news;all;echo;0;0;"; // held until the room has answered
    CHECK(made.ask(said_in_room) == said_in_room);
    return made;
  }
  space& news() { return server->endpoint("/neffos").space("news"); }

  hook_log log;
  running_server server{quick_config(2), [this](troupe::server& s) { add(s); }};
};

} // namespace

TEST_CASE("neffos S01: the opening hook refuses, connects and broadcasts",
          "[integration][neffos]") {
  server_fixture fixture;
  auto first = fixture.connect();
  first.connect();
  neffos_client evil{fixture.server.port(), "/neffos?id=evil"};
  CHECK(evil.ask("M") == "Hnot you");
  auto second = fixture.connect();
  CHECK(first.next() == ";default;;opens;0;0;");
  CHECK(first.is_quiet());
}

TEST_CASE("neffos N06, R13: what hooks of opening and connecting wish comes in its order",
          "[integration][neffos]") {
  server_fixture fixture;
  neffos_client client{fixture.server.port()};
  client.send("$1;default;;_OnNamespaceConnect;0;0;"); // handled behind all that the hook wishes
  client.open();
  const auto wait = client.next_request(";news;;_OnNamespaceConnect;0;0;");
  CHECK(client.next() == confirmed("$1"));
  CHECK(client.next() == ";default;;opens;0;0;"); // what it says to all it hears itself
  client.send(confirmed(wait));
  client.send(confirmed(client.next_request(";news;all;_OnRoomJoin;0;0;")));
  CHECK(client.is_quiet());
}

TEST_CASE("neffos N06: a connection that is refused has connected nothing",
          "[integration][neffos]") {
  server_fixture fixture;
  neffos_client client{fixture.server.port()};
  client.open();
  client.next_request(";news;;_OnNamespaceConnect;0;0;");
  client.ws().socket().reset();
  CHECK(fixture.log.next() == "failed");
}

TEST_CASE("neffos S03, S04, S05: connections are counted and visited, by namespace and room",
          "[integration][neffos]") {
  server_fixture fixture;
  auto first = fixture.connect();
  auto second = fixture.connect();
  CHECK(fixture.news().size() == 2);
  mailbox<std::string> met;
  const auto meet = [&](connection& c) { met.put(std::string{c.client_id()}); };
  fixture.news().visit(meet);
  CHECK(std::set{met.take(), met.take()} == std::set{first.id(), second.id()});
  fixture.news().visit({.who = audience::kind::room, .room = "all"}, meet);
  CHECK(std::set{met.take(), met.take()} == std::set{first.id(), second.id()});
  fixture.news().visit({.who = audience::kind::client, .client = second.id()}, meet);
  CHECK(met.take() == second.id());
  fixture.news().visit({.who = audience::kind::room, .room = "empty"}, meet);
  fixture.news().visit({.who = audience::kind::connection}, meet);
  fixture.news().visit([](connection& c) { c.emit("visited"); });
  CHECK(first.next() == ";news;;visited;0;0;");
  CHECK(second.next() == ";news;;visited;0;0;");
  CHECK(met.size() == 0);
}

TEST_CASE("neffos S03, S04, S05: an endpoint knows all its connections, in a namespace or not",
          "[integration][neffos]") {
  server_fixture fixture;
  auto& all = fixture.server->endpoint("/neffos");
  CHECK(all.connections() == 0);
  auto first = fixture.connect();
  neffos_client outside{fixture.server.port()};
  outside.open();
  outside.next_request(";news;;_OnNamespaceConnect;0;0;");
  const neffos_client not_open{fixture.server.port()};
  CHECK(all.connections() == 2);
  CHECK(fixture.news().size() == 1);
  mailbox<std::string> met;
  all.visit_all([&](connection& c) {
    met.put(std::string{c.client_id()} + (c.in_space("news") == nullptr ? " outside" : " inside"));
  });
  CHECK(std::set{met.take(), met.take()}
        == std::set{first.id() + " inside", outside.id() + " outside"});
  outside.ws().socket().reset();
  CHECK(fixture.log.next() == "failed");
  CHECK(fixture.log.next() == "closed");
  CHECK(all.connections() == 1);
  CHECK(met.size() == 0);
}

TEST_CASE("neffos S06: closing the server tells the clients", "[integration][neffos]") {
  server_fixture fixture;
  auto client = fixture.connect();
  std::thread runner{[&fixture] { fixture.server->run(); }};
  fixture.server->stop();
  CHECK(client.ws().wait_close().code == 1001);
  client.ws().send_close(1001);
  runner.join();
}

TEST_CASE("neffos S07: a connection has values, in all its namespaces", "[integration][neffos]") {
  server_fixture fixture;
  auto client = fixture.connect();
  client.connect();
  CHECK(client.ask("$1;default;;value;0;0;") == "$1;default;;value;0;0;41");
  CHECK(client.ask("$2;default;;value;0;0;") == "$2;default;;value;0;0;42");
}

TEST_CASE("neffos S08: messages made by hand", "[integration][neffos]") {
  server_fixture fixture;
  auto client = fixture.connect();
  client.connect().connect("");
  client.emit("by-hand");
  CHECK(client.next() == "by hand");
}

TEST_CASE("neffos S09: a client that comes back says how often it has tried",
          "[integration][neffos]") {
  server_fixture fixture;
  auto client = fixture.connect("/neffos?X-Websocket-Header-X-Websocket-Reconnect=7");
  client.connect();
  CHECK(client.ask("$1;default;;tries;0;0;") == "$1;default;;tries;0;0;7");
}

TEST_CASE("neffos S13: handlers from several places are joined", "[integration][neffos]") {
  const running_server server{quick_config(), [](troupe::server& to) {
                                auto& all = to.endpoint("/neffos", speaks::neffos);
                                add_echo(all);
                                all.space("chat").on("one", [] { return 1; });
                                to.endpoint("/neffos").space("chat").on("two", [] { return 2; });
                              }};
  neffos_client client{server.port()};
  client.connect("chat");
  CHECK(client.ask("$1;chat;;one;0;0;") == "$1;chat;;one;0;0;1");
  CHECK(client.ask("$2;chat;;two;0;0;") == "$2;chat;;two;0;0;2");
}

} // namespace troupe::test
