#include "troupe/refused.hpp"

#include "tests/integration/support/hook_log.hpp"
#include "tests/integration/support/iris_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <set>

namespace troupe::test {

namespace {

/// "/iris", where clients are called by their query, come from one site, and move by events.
struct iris_fixture {
  void add(troupe::server& to) {
    auto& all = to.endpoint("/iris", speaks::iris);
    all.client_ids([](const request& from) { return from.query("id").value_or("nobody"); });
    all.origins(origin_policy::list({"https://a.example"}));
    all.upgrade_error_pages([](const request& asked, const upgrade_error& error) {
      return upgrade_error_page{.status = 418,
                                .body = std::string{asked.path()} + ": " + error.reason};
    });
    log.listen(all);
    all.on_error([this](connection&, std::string_view event, std::string_view text) {
      log.put("error of \"" + std::string{event} + "\": " + std::string{text});
    });
    all.on_close([this](connection& c, const close_info& why) {
      log.put(std::string{c.client_id()} + " closed with " + std::to_string(why.code)
              + (why.why == errc::connection_lost ? ", lost" : ""));
    });
    all.on("join", [](connection& c, const std::string& room) { c.join(room); });
    all.on("leave", [](connection& c, const std::string& room) { c.leave(room); });
    all.on("echo", [](const std::string& text) { return text; });
    all.on("who", [](connection& c) { return c.client_id(); });
    all.on("id", [](connection& c) { return c.id(); });
    all.on("refuse", [](const std::string& why) { throw refused{why}; });
    all.on("number", [](int number) { return number; });
    all.rooms("counted").on_join(
        [this](troupe::room& r) { log.put("in there: " + std::to_string(r.size())); });
  }
  void check_log(const std::vector<std::string>& lines) {
    for (auto& line : lines)
      CHECK(log.next() == line);
  }
  /// A client that is known, for it has said something.
  iris_client connect(std::string_view id) {
    iris_client made{server.port(), "/iris?id=" + std::string{id}};
    CHECK(made.ask("echo", "here") == "echo;0;here");
    check_log({"connect default", "connected default"});
    return made;
  }
  endpoint& all() { return server->endpoint("/iris"); }

  hook_log log;
  running_server server{quick_config(2), [this](troupe::server& s) { add(s); }};
};

} // namespace

TEST_CASE("iris M08: leaving a room is told, also at the end", "[integration][iris]") {
  iris_fixture fixture;
  auto client = fixture.connect("ann");
  for (const std::string room : {"one", "two", "three"}) {
    client.emit("join", room);
    fixture.check_log({"join default " + room + " L", "joined default " + room + " L"});
  }
  client.emit("leave", "two");
  fixture.check_log({"leave default two L", "left default two L"});
  client.emit("leave", "two"); // it is in there no more
  client.ws().send_close(1000);
  fixture.check_log({"leave default one LF", "left default one LF", "leave default three LF",
                     "left default three LF", "disconnect default LF", "ann closed with 1000"});
}

TEST_CASE("iris M10: errors are told, and cost nobody the connection", "[integration][iris]") {
  iris_fixture fixture;
  auto client = fixture.connect("ann");
  client.send(std::string{iris_client::prefix} + "without a separator");
  CHECK(fixture.log.next().starts_with("error of \"\": "));
  client.emit("unknown");
  CHECK(fixture.log.next().starts_with("error of \"unknown\": there is no handler"));
  client.emit("refuse", "because");
  CHECK(fixture.log.next() == "error of \"refuse\": because");
  client.emit("number", "many");
  CHECK(fixture.log.next().starts_with("error of \"number\": "));
  CHECK(client.ask("echo", "still there") == "echo;0;still there");
}

TEST_CASE("iris M10: an unexpected end is told as one", "[integration][iris]") {
  iris_fixture fixture;
  auto client = fixture.connect("ann");
  std::string end;
  SECTION("unexpected") {
    client.ws().socket().reset();
    end = "ann closed with 1006, lost";
  }
  SECTION("expected") {
    client.ws().send_close(1001);
    end = "ann closed with 1001";
  }
  fixture.check_log({"disconnect default LF", end});
}

TEST_CASE("iris M13: ids are made by the application", "[integration][iris]") {
  iris_fixture fixture;
  CHECK(fixture.connect("ann").ask("who") == "who;0;ann");
  fixture.check_log({"disconnect default LF"});
}

TEST_CASE("iris M13: origins and the answers to failed upgrades are the application's",
          "[integration][iris]") {
  iris_fixture fixture;
  const auto port = fixture.server.port();
  CHECK(ask_http(port, upgrade("/iris", "Origin: https://a.example\r\n")).status == 101);
  const auto foreign = ask_http(port, upgrade("/iris", "Origin: https://b.example\r\n"));
  CHECK(foreign.status == 418);
  CHECK(foreign.body.starts_with("/iris: "));
}

TEST_CASE("iris M15: connections are found by id and by room, and counted", "[integration][iris]") {
  iris_fixture fixture;
  auto ann = fixture.connect("ann");
  auto bob = fixture.connect("bob");
  auto eve = fixture.connect("eve");
  CHECK(fixture.all().size() == 3);
  CHECK(fixture.all().connections() == 3);
  int count = 0;
  for (auto* each : {&ann, &bob}) {
    each->emit("join", "counted");
    fixture.check_log({"join default counted L", "in there: " + std::to_string(count++),
                       "joined default counted L"});
  }
  mailbox<std::string> met;
  const auto meet = [&met](connection& c) { met.put(std::string{c.client_id()}); };
  fixture.all().visit({.who = audience::kind::room, .room = "counted"}, meet);
  CHECK(std::set{met.take(), met.take()} == std::set<std::string>{"ann", "bob"});
  fixture.all().visit(meet);
  CHECK(std::set{met.take(), met.take(), met.take()} == std::set<std::string>{"ann", "bob", "eve"});
  const auto id = bob.ask("id");
  fixture.all().visit({.who = audience::kind::connection, .id = std::stoull(id.substr(5))}, meet);
  CHECK(met.take() == "bob");
  bob.ws().socket().reset();
  fixture.check_log({"leave default counted LF", "left default counted LF", "disconnect default LF",
                     "bob closed with 1006, lost"});
  CHECK(fixture.all().size() == 2);
  CHECK(fixture.all().connections() == 2);
  CHECK(met.size() == 0);
}

} // namespace troupe::test
