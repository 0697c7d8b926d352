#include "troupe/refused.hpp"

#include "tests/integration/support/hook_log.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

/// "/neffos" with "default" and "chat", which tell what happens; what their hooks send to the
/// leaver goes nowhere, what they send to others arrives.
struct closing_fixture {
  explicit closing_fixture(bool always = false) : closes_always{always} {}

  void add(troupe::server& to) {
    auto& all = to.endpoint("/neffos", speaks::neffos);
    all.on_open([](connection& c) {
      if (c.request().query("refused"))
        throw refused{"no"};
    });
    all.on_close(
        [this](connection& c, const close_info& why) {
          log.put("close " + std::to_string(why.code) + (c.is_open() ? " open" : " closed") + " in "
                  + std::to_string(c.spaces().size()));
        },
        closes_always);
    for (const auto* name : {"default", "chat"})
      log.listen(all.space(name));
    all.on("echo", [](payload_view body) { return make_payload(body); });
    all.on("ask-late", [this](connection& c) {
      c.ask<void>("never",
                  [this](const auto& answer) { log.put(answer ? "answer" : "no answer"); });
    });
    all.on("close", [](connection& c) {
      c.close(4001, "once");
      c.close(4002, "twice");
    });
    all.space("chat").on_left([this](connection& c, std::string_view room, cause) {
      log.put("left chat " + std::string{room});
      if (c.emit("lost") == verdict::queued)
        log.put("something was sent to a closed connection");
      c.to_others().emit("gone", room);
    });
  }
  void check_log(const std::vector<std::string>& lines) {
    for (auto& line : lines)
      CHECK(log.next() == line);
  }

  bool closes_always;
  hook_log log;
  running_server server{quick_config(), [this](troupe::server& s) { add(s); }};
  neffos_client client{server.port()};
};

} // namespace

TEST_CASE("neffos E08, S02: a lost connection leaves rooms and namespaces, and then ends",
          "[integration][neffos]") {
  closing_fixture fixture;
  neffos_client other{fixture.server.port()};
  other.connect("chat");
  fixture.check_log({"connect chat", "connected chat"});
  auto& client = fixture.client.connect().connect("chat");
  client.join("one", "chat").join("two", "chat").join("three");
  fixture.check_log({"connect default", "connected default", "connect chat", "connected chat",
                     "join chat one", "joined chat one", "join chat two", "joined chat two",
                     "join default three", "joined default three"});
  std::string code;
  SECTION("by a reset") {
    client.ws().socket().reset();
    code = "1006";
  }
  SECTION("by a close frame") {
    client.ws().send_close(1000);
    code = "1000";
  }
  SECTION("by the server") {
    client.emit("close");
    code = "4001";
  }
  fixture.check_log({"leave chat one LF", "left chat one", "leave chat two LF", "left chat two",
                     "disconnect chat LF", "leave default three LF", "left default three LF",
                     "disconnect default LF", "close " + code + " closed in 0"});
  CHECK(other.next() == ";chat;;gone;0;0;one");
  CHECK(other.next() == ";chat;;gone;0;0;two");
}

TEST_CASE("neffos K08: what was asked on a connection that ends has no answer",
          "[integration][neffos]") {
  closing_fixture fixture;
  fixture.client.connect().emit("ask-late");
  fixture.client.next_request(";default;;never;0;0;");
  fixture.client.ws().socket().reset();
  fixture.check_log({"connect default", "connected default", "no answer", "disconnect default LF"});
}

TEST_CASE("neffos S02: of a connection that was refused nobody hears", "[integration][neffos]") {
  closing_fixture fixture;
  fixture.client.connect();
  neffos_client refused{fixture.server.port(), "/neffos?refused"};
  CHECK(refused.ask("M") == "Hno");
  CHECK(refused.ws().wait_end());
  fixture.client.ws().socket().reset();
  fixture.check_log(
      {"connect default", "connected default", "disconnect default LF", "close 1006 closed in 0"});
}

TEST_CASE("neffos S02: unless always is wished", "[integration][neffos]") {
  closing_fixture fixture{true};
  neffos_client refused{fixture.server.port(), "/neffos?refused"};
  CHECK(refused.ask("M") == "Hno");
  fixture.check_log({"close 1008 closed in 0"});
}

} // namespace troupe::test
