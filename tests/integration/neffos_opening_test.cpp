#include "troupe/refused.hpp"

#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

/// "/neffos" answers "echo" and greets in `connected`; "/named" names clients by a field of their
/// request; "/closed" lets nobody in.
void add_endpoints(server& to) {
  auto& plain = to.endpoint("/neffos", speaks::neffos);
  plain.on("echo", [](payload_view body) { return make_payload(body); });
  plain.space("greeting").on_connected([](connection& c) { c.emit("welcome", c.client_id()); });
  auto& named = to.endpoint("/named", speaks::neffos);
  named.client_ids([](const request& from) { return std::string{*from.header("X-User")}; });
  named.on("whisper", [](connection& c, const std::string& to_whom) {
    c.to_client(to_whom).emit("whispered");
  });
  to.endpoint("/closed", speaks::neffos).on_open([](connection&) {
    throw refused{"no room at the inn"};
  });
}

struct opening_fixture {
  running_server server{quick_config(), add_endpoints};
  neffos_client client{server.port()};

  /// The code with which the server answers what opens the connection.
  int code_after(std::string_view first) {
    client.send(first);
    return client.ws().wait_close().code;
  }
};

bool is_uuid(std::string_view text) {
  return text.size() == 36 && text[14] == '4'
         && text.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
}

} // namespace

TEST_CASE("neffos A01: M opens as text or binary, with or without a tail",
          "[integration][neffos]") {
  opening_fixture fixture;
  auto& client = fixture.client;
  SECTION("text") {
    client.send("M");
  }
  SECTION("binary") {
    client.send_binary("M");
  }
  SECTION("with a tail") {
    client.send("Mxyz;0;0");
  }
  CHECK(client.next().starts_with('A'));
  CHECK(client.ask("$1;default;;_OnNamespaceConnect;0;0;") == confirmed("$1"));
  CHECK(client.is_quiet());
}

TEST_CASE("neffos A02: the first frame back is A and the id, as text", "[integration][neffos]") {
  opening_fixture fixture;
  fixture.client.send("M");
  const auto first = fixture.client.ws().next_frame();
  REQUIRE(first);
  CHECK(first->first_byte == (fin | text));
  CHECK(is_uuid(std::string_view{first->payload}.substr(1)));
}

TEST_CASE("neffos A03: a refusal is H and its text, then the connection ends",
          "[integration][neffos]") {
  opening_fixture fixture;
  neffos_client refused{fixture.server.port(), "/closed"};
  CHECK(refused.ask("M") == "Hno room at the inn");
  CHECK(refused.ws().wait_close().code == 1008);
}

TEST_CASE("neffos A04, A07: what comes ahead of M is handled behind A, in its order",
          "[integration][neffos]") {
  opening_fixture fixture;
  auto& client = fixture.client;
  client.send("$1;default;;_OnNamespaceConnect;0;0;");
  client.send_binary("$2;default;;echo;0;0;one");
  client.send("$3;default;room;_OnRoomJoin;0;0;");
  client.send("$4;default;room;echo;0;0;two");
  client.send("$5;greeting;;_OnNamespaceConnect;0;0;");
  client.open();
  CHECK(client.next() == confirmed("$1"));
  CHECK(client.next() == "BIN $2;default;;echo;0;0;one");
  CHECK(client.next() == confirmed("$3"));
  CHECK(client.next() == "$4;default;room;echo;0;0;two"); // the join was waited for
  CHECK(client.next() == confirmed("$5"));
  CHECK(client.next() == ";greeting;;welcome;0;0;" + client.id());
}

TEST_CASE("neffos A05: only so much may come ahead of M, and only so late",
          "[integration][neffos]") {
  opening_fixture fixture;
  auto& client = fixture.client;
  SECTION("messages") {
    for (int i = 0; i < 256; ++i)
      client.send("$1;default;;_OnNamespaceConnect;0;0;");
    CHECK(fixture.code_after(";default;;echo;0;0;") == 1008);
  }
  SECTION("bytes") {
    client.send(std::string(40'000, 'x'));
    CHECK(fixture.code_after(std::string(40'000, 'x')) == 1008);
  }
  SECTION("time") {
    CHECK(fixture.code_after(";default;;echo;0;0;") == 1008);
  }
}

TEST_CASE("neffos A05: the deadline ends with M", "[integration][neffos]") {
  opening_fixture fixture;
  fixture.client.connect();
  // The late one's deadline is behind that of the first.
  neffos_client late{fixture.server.port()};
  CHECK(late.ws().wait_close().code == 1008);
  CHECK(fixture.client.is_quiet());
}

TEST_CASE("neffos A06: a client cannot acknowledge itself", "[integration][neffos]") {
  opening_fixture fixture;
  SECTION("with an id of its choice") {
    CHECK(fixture.code_after("Aevil-id") == 1008);
  }
  SECTION("with a refusal") {
    CHECK(fixture.code_after("Hbye") == 1008);
  }
}

TEST_CASE("neffos A08: the application makes ids from the request", "[integration][neffos]") {
  opening_fixture fixture;
  neffos_client ann{fixture.server.port(), "/named", "X-User: ann\r\n"};
  CHECK(ann.ask("M") == "Aann");
}

TEST_CASE("neffos A09: several connections may share an id", "[integration][neffos]") {
  opening_fixture fixture;
  neffos_client first{fixture.server.port(), "/named", "X-User: ann\r\n"};
  neffos_client second{fixture.server.port(), "/named", "X-User: ann\r\n"};
  neffos_client other{fixture.server.port(), "/named", "X-User: bob\r\n"};
  first.connect();
  second.connect();
  other.connect();
  other.emit("whisper", "ann");
  CHECK(first.next() == ";default;;whispered;0;0;");
  CHECK(second.next() == ";default;;whispered;0;0;");
}

TEST_CASE("neffos A10: a second M does nothing", "[integration][neffos]") {
  opening_fixture fixture;
  fixture.client.connect();
  fixture.client.send("M");
  CHECK(fixture.client.is_quiet());
}

} // namespace troupe::test
