#include "troupe/refused.hpp"

#include "tests/integration/support/hook_log.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <map>

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

using answer = result<std::string, ask_error>;

std::string to_line(const answer& got) {
  return got ? "answer " + *got
             : std::string{to_string(got.error().code)} + ": " + got.error().text;
}

/// "/neffos": "question" makes the server ask the client for a text, within a quarter of a second
/// if it is a "quick" one.
struct asks_fixture {
  void add(troupe::server& to) {
    auto& all = to.endpoint("/neffos", speaks::neffos);
    all.on("echo", [](payload_view body) { return make_payload(body); });
    all.on("id", [](connection& c) { return c.id(); });
    all.on("question", [this](connection& c, const std::string& text) {
      c.ask_within<std::string>(text == "quick" ? 250ms : 10'000ms, "question", tell(), text);
    });
    all.on("number", [this](connection& c) {
      c.ask<int>("number", [this](const result<int, ask_error>& got) {
        log.put(got ? std::to_string(*got) : "no number: " + got.error().text);
      });
    });
    all.on("question-closed", [this](connection& c) {
      c.close();
      c.ask<std::string>("question", tell());
    });
    all.on("nested", [](connection& c, const std::string& text) {
      c.ask<std::string>(
          "question", [&c](const answer& got) { c.emit("nested", *got); }, text);
    });
  }
  std::function<void(answer)> tell() {
    return [this](const answer& got) { log.put(to_line(got)); };
  }
  space& everybody() { return server->endpoint("/neffos"); }

  hook_log log;
  running_server server{quick_config(2), [this](troupe::server& s) { add(s); }};
  neffos_client client{server.port()};
};

} // namespace

TEST_CASE("neffos K01, K03: asks of the client are answered by their tokens",
          "[integration][neffos]") {
  asks_fixture fixture;
  auto& client = fixture.client.connect();
  for (int i = 0; i < 50; ++i)
    client.send("$" + std::to_string(i) + ";default;;echo;0;0;" + std::to_string(2 * i));
  for (int i = 0; i < 50; ++i)
    CHECK(client.next() == "$" + std::to_string(i) + ";default;;echo;0;0;" + std::to_string(2 * i));
}

TEST_CASE("neffos K02: the server asks its client", "[integration][neffos]") {
  asks_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("question", "how many?");
  const auto wait = client.next_request(";default;;question;0;0;how many?");
  SECTION("and gets a text") {
    client.send(wait + ";default;;question;0;0;two");
    CHECK(fixture.log.next() == "answer two");
  }
  SECTION("and gets nothing but an answer") {
    client.send(confirmed(wait));
    CHECK(fixture.log.next() == "answer ");
  }
  SECTION("and gets a refusal") {
    client.send(wait + ";default;;question;1;0;client refuses");
    CHECK(fixture.log.next().ends_with(": client refuses"));
  }
}

TEST_CASE("neffos K02: answers are converted", "[integration][neffos]") {
  asks_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("number");
  client.send(client.next_request(";default;;number;0;0;") + ";default;;number;0;0;17");
  CHECK(fixture.log.next() == "17");
  client.emit("number");
  client.send(client.next_request(";default;;number;0;0;") + ";default;;number;0;0;many");
  CHECK(fixture.log.next().starts_with("no number: "));
}

TEST_CASE("neffos K03: many questions of the server are answered in any order",
          "[integration][neffos]") {
  asks_fixture fixture;
  auto& client = fixture.client.connect();
  std::vector<std::string> waits;
  for (int i = 0; i < 20; ++i) {
    client.emit("question", std::to_string(i));
    waits.push_back(client.next_request(";default;;question;0;0;" + std::to_string(i)));
  }
  for (int i = 19; i >= 0; --i) {
    client.send(waits[static_cast<std::size_t>(i)] + ";;;;0;0;" + std::to_string(i));
    CHECK(fixture.log.next() == "answer " + std::to_string(i));
  }
}

TEST_CASE("neffos K04: one connection is asked through the server", "[integration][neffos]") {
  asks_fixture fixture;
  auto& client = fixture.client.connect();
  neffos_client other{fixture.server.port()};
  other.connect();
  const auto got = client.ask("$1;default;;id;0;0;");
  const auto id = std::stoull(got.substr(got.rfind(';') + 1));
  fixture.everybody().ask<std::string>({.who = audience::kind::connection, .id = id}, "question",
                                       fixture.tell());
  client.send(client.next_request(";default;;question;0;0;") + ";;;;0;0;me");
  CHECK(fixture.log.next() == "answer me");
  fixture.everybody().ask<std::string>({.who = audience::kind::client, .client = other.id()},
                                       "question", fixture.tell());
  other.send(other.next_request(";default;;question;0;0;") + ";;;;0;0;no, me");
  CHECK(fixture.log.next() == "answer no, me");
}

TEST_CASE("neffos K05: when many are asked the first answer counts", "[integration][neffos]") {
  asks_fixture fixture;
  auto& first = fixture.client.connect();
  neffos_client second{fixture.server.port()};
  second.connect();
  fixture.everybody().ask<std::string>({}, "question", fixture.tell(), "who?");
  const auto one = first.next_request(";default;;question;0;0;who?");
  const auto two = second.next_request(";default;;question;0;0;who?");
  second.send(two + ";;;;0;0;second");
  CHECK(fixture.log.next() == "answer second");
  first.send(one + ";default;;question;0;0;first"); // no event either
  CHECK(first.is_quiet());
  CHECK(second.is_quiet());
  CHECK(fixture.log.size() == 0);
}

TEST_CASE("neffos K05: members of a room are asked, whoever is lost does not count",
          "[integration][neffos]") {
  asks_fixture fixture;
  auto& lost = fixture.client.connect().join("r");
  neffos_client other{fixture.server.port()};
  other.connect().join("r");
  neffos_client outside{fixture.server.port()};
  outside.connect();
  fixture.everybody().ask<std::string>({.who = audience::kind::room, .room = "r"}, "question",
                                       fixture.tell());
  lost.next_request(";default;;question;0;0;");
  lost.ws().socket().reset();
  other.send(other.next_request(";default;;question;0;0;") + ";;;;0;0;still here");
  CHECK(fixture.log.next() == "answer still here");
  CHECK(outside.is_quiet());
}

TEST_CASE("neffos K05: when nobody is there the answer comes at once", "[integration][neffos]") {
  asks_fixture fixture;
  for (const auto& whom : {audience{}, audience{.who = audience::kind::connection, .id = 77},
                           audience{.who = audience::kind::connection},
                           audience{.who = audience::kind::room, .room = "empty"},
                           audience{.who = audience::kind::client, .client = "nobody"}}) {
    fixture.everybody().ask<std::string>(whom, "question", fixture.tell());
    CHECK(fixture.log.next().ends_with(": nobody answered"));
  }
}

TEST_CASE("neffos K06: handlers ask, and what comes meanwhile is no answer",
          "[integration][neffos]") {
  asks_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("nested", "what?");
  const auto wait = client.next_request(";default;;question;0;0;what?");
  CHECK(client.is_quiet());
  client.send(wait + ";;;;0;0;that");
  CHECK(client.next() == ";default;;nested;0;0;that");
}

TEST_CASE("neffos K07: late answers and those nobody asked for are dropped",
          "[integration][neffos]") {
  asks_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("question", "quick");
  const auto wait = client.next_request(";default;;question;0;0;quick");
  CHECK(fixture.log.next().starts_with(to_string(errc::timed_out)));
  client.send(wait + ";default;;echo;0;0;late"); // not taken for an event
  CHECK(client.is_quiet());
  client.emit("question", "again");
  client.send(client.next_request(";default;;question;0;0;again") + ";;;;0;0;in time");
  CHECK(fixture.log.next() == "answer in time");
}

TEST_CASE("neffos K08: asking a closed connection fails at once", "[integration][neffos]") {
  asks_fixture fixture;
  fixture.client.connect().emit("question-closed");
  CHECK(fixture.log.next().starts_with(to_string(errc::closed)));
}

} // namespace troupe::test
