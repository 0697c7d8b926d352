#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <string>

// Clients may lose what they read together with the reply to their connect request (A15.1): what
// follows it waits until they have answered a ping.

namespace troupe::test {

namespace {

void add_spaces(server& to) {
  auto& all = to.endpoint("/neffos", speaks::neffos);
  all.on("echo", [](payload_view body) { return make_payload(body); });
  for (auto name : {"one", "two"})
    all.space(name).on_connected([](connection& c) { c.emit("welcome"); });
  all.space("bye").on_connected([](connection& c) {
    c.emit("welcome");
    c.close();
  });
}

struct lead_fixture {
  running_server server{quick_config(), add_spaces};
  neffos_client client{server.port()};

  lead_fixture() { client.open(); }

  server_frame next() {
    auto frame = client.ws().next_frame();
    REQUIRE(frame);
    return *frame;
  }
  /// Takes the reply to a connect request and the ping behind it. @returns the ping's payload.
  std::string take_ping(std::string_view wait) {
    CHECK(next().payload == confirmed(wait));
    const auto asked = next();
    CHECK(asked.opcode() == ping);
    return asked.payload;
  }
  void answer(std::string_view payload) { client.ws().send(client_frame(fin | pong, payload)); }
};

constexpr auto connect_one = "$1;one;;_OnNamespaceConnect;0;0;";
constexpr auto connect_two = "$2;two;;_OnNamespaceConnect;0;0;";

} // namespace

TEST_CASE("neffos A15.1: what follows a connect reply waits for a pong", "[integration][neffos]") {
  lead_fixture fixture;
  fixture.client.send(connect_one);
  const auto payload = fixture.take_ping("$1");
  fixture.answer(payload);
  CHECK(fixture.next().payload == ";one;;welcome;0;0;");
}

TEST_CASE("neffos A15.1: nothing is asked where nothing follows", "[integration][neffos]") {
  lead_fixture fixture;
  fixture.client.send("$1;default;;_OnNamespaceConnect;0;0;");
  CHECK(fixture.next().payload == confirmed("$1"));
  fixture.client.send("$2;default;;_OnNamespaceDisconnect;0;0;");
  CHECK(fixture.next().opcode() == ping); // the first that follows
}

TEST_CASE("neffos A15.1: every connect reply gets a lead of its own", "[integration][neffos]") {
  lead_fixture fixture;
  fixture.client.ws().send(client_frame(fin | text, connect_one)
                           + client_frame(fin | text, connect_two)
                           + client_frame(fin | text, "$3;two;;echo;0;0;"));
  fixture.answer(fixture.take_ping("$1"));
  CHECK(fixture.next().payload == ";one;;welcome;0;0;");
  fixture.answer(fixture.take_ping("$2"));
  CHECK(fixture.next().payload == ";two;;welcome;0;0;");
}

TEST_CASE("neffos A15.1: a client that answers no ping gets it all the same",
          "[integration][neffos]") {
  lead_fixture fixture;
  fixture.client.send(connect_one);
  fixture.take_ping("$1");
  fixture.answer("something else");
  CHECK(fixture.next().payload == ";one;;welcome;0;0;");
}

TEST_CASE("neffos A15.1: a close lets go what was held back", "[integration][neffos]") {
  lead_fixture fixture;
  fixture.client.send("$1;bye;;_OnNamespaceConnect;0;0;");
  CHECK(fixture.next().payload == confirmed("$1"));
  CHECK(fixture.next().payload == ";bye;;welcome;0;0;");
}

} // namespace troupe::test
