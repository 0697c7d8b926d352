#include "troupe/refused.hpp"

#include "tests/integration/support/hook_log.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

/// "/neffos" with "default" and "other", which answer the same event differently, and "any", where
/// one handler has it all.
struct events_fixture {
  void add(troupe::server& to) {
    auto& all = to.endpoint("/neffos", speaks::neffos);
    all.on("echo", [](payload_view body) { return make_payload(body); });
    all.on("where", [](connection& c) { return c.space(); });
    all.on("refuse", [](const std::string& why) -> int { throw refused{why}; });
    all.on("fail", [] { throw std::runtime_error{"a secret"}; });
    all.on("nothing", [this](const std::string& body) { log.put(body); });
    all.on("number", [](int number) { return number + 1; });
    all.on("to-bytes",
           [](const std::string& text) { return make_payload(raw_bytes{as_bytes(text)}); });
    all.on("emit", [](connection& c) {
      c.emit("text", "some text");
      c.emit("bytes", raw_bytes{as_bytes("\x01;\xFF")});
      c.emit("several", 1, "two", 3.5);
      c.emit("empty");
    });
    all.on("about", [](connection& c, payload_view) {
      auto& m = c.message();
      return std::string{m.event} + "," + std::string{m.room} + (m.is_binary ? ",binary" : ",text")
             + (m.wants_reply ? ",ask" : ",emit");
    });
    all.on("close", [](connection& c) { c.close(4000, "you asked for it"); });
    all.on_error([this](connection&, std::string_view event, std::string_view text) {
      log.put(std::string{event} + " failed: " + std::string{text});
    });
    all.space("other").on("where", [](connection& c) { return c.space(); });
    auto& any = all.space("any");
    any.on("known", [] { return "known"; });
    any.on_any([](connection& c, payload_view) { return "any:" + std::string{c.message().event}; });
  }

  hook_log log;
  running_server server{quick_config(), [this](troupe::server& s) { add(s); }};
  neffos_client client{server.port()};
};

} // namespace

TEST_CASE("neffos E01: events go to the handlers of their namespace", "[integration][neffos]") {
  events_fixture fixture;
  auto& client = fixture.client.connect().connect("other");
  CHECK(client.ask("$1;default;;where;0;0;") == "$1;default;;where;0;0;default");
  CHECK(client.ask("$2;other;;where;0;0;") == "$2;other;;where;0;0;other");
  CHECK(client.ask("$3;other;;echo;0;0;x").starts_with("$3;other;;echo;1;0;")); // none there
}

TEST_CASE("neffos E02: one handler may take all other events", "[integration][neffos]") {
  events_fixture fixture;
  auto& client = fixture.client.connect("any");
  CHECK(client.ask("$1;any;;known;0;0;") == "$1;any;;known;0;0;known");
  CHECK(client.ask("$2;any;;no@%!semicolon@%!pe;0;0;x")
        == "$2;any;;no@%!semicolon@%!pe;0;0;any:no;pe");
}

TEST_CASE("neffos E03: an answer has its question's token, names and opcode",
          "[integration][neffos]") {
  events_fixture fixture;
  auto& client = fixture.client.connect().join("r");
  CHECK(client.ask("$1;default;r;echo;0;0;a;b") == "$1;default;r;echo;0;0;a;b");
  CHECK(client.ask("abc;default;;echo;0;1;x") == "abc;default;;echo;0;1;x");
  for (const auto* wait : {"#q", "$!q", "neffos(0xabc(d))", "17", "99999999999999999999"}) {
    const auto frame = std::string{wait} + ";default;;echo;0;0;x";
    CHECK(client.ask(frame) == frame);
  }
  client.send_binary("$2;default;r;echo;0;0;\xFF\x80");
  CHECK(client.next() == "BIN $2;default;r;echo;0;0;\xFF\x80");
  CHECK(client.ask("$3;default;;to-bytes;0;0;x") == "BIN $3;default;;to-bytes;0;0;x");
  CHECK(client.ask("$4;default;;number;0;0;41") == "$4;default;;number;0;0;42");
}

TEST_CASE("neffos E04, E05: a handler's error is the answer, asked or not",
          "[integration][neffos]") {
  events_fixture fixture;
  auto& client = fixture.client.connect();
  CHECK(client.ask("$1;default;;refuse;0;0;why") == "$1;default;;refuse;1;0;why");
  CHECK(client.ask(";default;;refuse;0;0;nowait") == ";default;;refuse;1;0;nowait");
  CHECK(client.ask(";default;;echo;0;0;nowait") == ";default;;echo;0;0;nowait");
  const auto failed = client.ask("$2;default;;fail;0;0;");
  CHECK(failed.starts_with("$2;default;;fail;1;0;"));
  CHECK(failed.find("secret") == std::string::npos);
  const auto wrong = client.ask("$3;default;;number;0;0;many");
  CHECK(wrong.starts_with("$3;default;;number;1;0;"));
  client.send_binary("$4;default;;refuse;0;0;");
  CHECK(client.next().starts_with("$4;default;;refuse;1;0;")); // errors are always text
}

TEST_CASE("neffos E06: a handler that returns nothing sends nothing", "[integration][neffos]") {
  events_fixture fixture;
  auto& client = fixture.client.connect();
  client.send("$1;default;;nothing;0;0;asked");
  client.emit("nothing", "not asked");
  client.emit("there is no handler for this");
  CHECK(client.is_quiet());
  CHECK(fixture.log.next() == "asked");
  CHECK(fixture.log.next() == "not asked");
}

TEST_CASE("neffos E07: a handler knows about its message", "[integration][neffos]") {
  events_fixture fixture;
  auto& client = fixture.client.connect().join("r");
  CHECK(client.ask("$1;default;r;about;0;0;") == "$1;default;r;about;0;0;about,r,text,ask");
  client.send_binary(";default;;about;0;0;");
  CHECK(client.next() == "BIN ;default;;about;0;0;about,,binary,emit");
}

TEST_CASE("neffos E09: messages are handled in their order", "[integration][neffos]") {
  events_fixture fixture;
  auto& client = fixture.client.connect();
  for (int i = 0; i < 100; ++i) {
    const auto body = std::to_string(i);
    if (i % 10 == 0)
      client.send("$" + body + ";default;room" + body + ";_OnRoomJoin;0;0;");
    client.send("$x;default;;echo;0;0;" + body);
  }
  for (int i = 0; i < 100; ++i) {
    if (i % 10 == 0)
      CHECK(client.next() == confirmed("$" + std::to_string(i)));
    CHECK(client.next() == "$x;default;;echo;0;0;" + std::to_string(i));
  }
}

TEST_CASE("neffos E12: clients cannot announce what only the server may", "[integration][neffos]") {
  events_fixture fixture;
  auto& client = fixture.client.connect("any");
  for (const auto* event : {"_OnNamespaceConnected", "_OnRoomJoined", "_OnAnyEvent"}) {
    const auto front = ";any;r;" + std::string{event};
    CHECK(client.ask("$1" + front + ";0;0;spoof").starts_with("$1" + front + ";1;0;"));
    client.send(front + ";0;0;spoof");
  }
  CHECK(client.ask("$2;any;;known;0;0;") == "$2;any;;known;0;0;known");
}

TEST_CASE("neffos E13: the handler of any event decides no system request",
          "[integration][neffos]") {
  events_fixture fixture;
  auto& client = fixture.client.connect("any");
  CHECK(client.ask("$1;any;r;_OnRoomJoin;0;0;") == confirmed("$1"));
  CHECK(client.ask("$2;any;r;_OnRoomLeave;0;0;") == confirmed("$2"));
  CHECK(client.ask("$3;any;;_OnNamespaceDisconnect;0;0;") == confirmed("$3"));
}

TEST_CASE("neffos E14: a handler closes the connection with a code", "[integration][neffos]") {
  events_fixture fixture;
  fixture.client.connect().emit("close");
  const auto end = fixture.client.ws().wait_close();
  CHECK(end.code == 4000);
  CHECK(end.reason == "you asked for it");
}

TEST_CASE("neffos E15: events carry text, bytes, or values as JSON", "[integration][neffos]") {
  events_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("emit");
  CHECK(client.next() == ";default;;text;0;0;some text");
  CHECK(client.next() == "BIN ;default;;bytes;0;0;\x01;\xFF");
  CHECK(client.next() == R"(;default;;several;0;0;[1,"two",3.5])");
  CHECK(client.next() == ";default;;empty;0;0;");
}

TEST_CASE("neffos E16: errors are told to a hook and never answered", "[integration][neffos]") {
  events_fixture fixture;
  auto& client = fixture.client.connect();
  for (const auto* frame :
       {";default;;refuse;1;0;an error", "$1;default;;refuse;1;0;an error",
        ";default;r;echo;1;0;an error", "$1;unknown;;echo;1;0;an error",
        "$1;default;;_OnRoomJoined;1;0;an error", "$1;default;r;_OnRoomJoin;1;0;an error"})
    client.send(frame);
  CHECK(client.is_quiet());
  CHECK(fixture.log.next() == "refuse failed: an error");
  CHECK(fixture.log.next() == "refuse failed: an error");
  CHECK(fixture.log.next() == "echo failed: an error");
  CHECK(client.ask("$2;default;;echo;1;0;") == "$2;default;;echo;0;0;"); // without text it is none
}

} // namespace troupe::test
