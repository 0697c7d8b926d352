#include "tests/integration/support/iris_client.hpp"
#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

/// "/all" speaks everything, and its hooks and everybody else talk as soon as they may.
void add_talkative(server& to) {
  auto& all = to.endpoint("/all", speaks::native | speaks::neffos | speaks::iris | speaks::raw);
  all.on_open([](connection& c) {
    c.emit("too early"); // nobody is in a space yet
    if (c.request().subprotocol().empty())
      c.send_text("welcome");
  });
  all.on_connected([](connection& c) { c.emit("connected", "text"); });
  all.on("echo", [](payload_view body) { return make_payload(body); });
  all.rooms().relay_everything();
}

struct undecided_fixture {
  /// One who is in has heard what went to all: on the one shard, so has everybody else.
  undecided_fixture() {
    server->endpoint("/all").to_all().emit("news", "something");
    CHECK(present.next() == ";default;;connected;0;0;text");
    CHECK(present.next() == ";default;;news;0;0;something");
    silent.send(client_frame(fin | ping, "?"));
    const auto first = silent.next_frame();
    REQUIRE(first);
    CHECK(first->opcode() == pong); // and nothing ahead of it
  }

  running_server server{quick_config(), add_talkative};
  neffos_client present{server.port(), "/all"};
  bool is_in = (present.connect(), true);
  ws_client silent{server.port(), "/all"};
};

} // namespace

TEST_CASE("first frame: L12 nothing comes ahead of what neffos must hear first",
          "[integration][first_frame]") {
  undecided_fixture fixture;
  fixture.silent.send_text("M");
  CHECK(fixture.silent.next_message().starts_with('A'));
  fixture.silent.send_text("$1;default;;_OnNamespaceConnect;0;0;");
  CHECK(fixture.silent.next_message() == confirmed("$1"));
  CHECK(fixture.silent.next_message() == ";default;;connected;0;0;text");
}

TEST_CASE("first frame: L12 a client of iris is greeted when it has said something",
          "[integration][first_frame]") {
  undecided_fixture fixture;
  const std::string prefix{iris_client::prefix};
  fixture.silent.send_text(prefix + "echo;0;x");
  CHECK(fixture.silent.next_message() == "welcome");
  CHECK(fixture.silent.next_message() == prefix + "connected;0;text");
  CHECK(fixture.silent.next_message() == prefix + "echo;0;x");
}

TEST_CASE("first frame: L12 whoever says anything else is raw", "[integration][first_frame]") {
  undecided_fixture fixture;
  const auto* words = GENERATE("Monday", "$1;default;;echo;0;0;x", "");
  fixture.silent.send_text(words);
  CHECK(fixture.silent.next_message() == "welcome");
  fixture.server->endpoint("/all").to_all().emit("news", raw_bytes{as_bytes("bytes")});
  CHECK(fixture.silent.next_message() == "bytes");
}

TEST_CASE("first frame: L12 a subprotocol decides at once", "[integration][first_frame]") {
  undecided_fixture fixture;
  native_client native{fixture.server.port(), "/all"};
  CHECK(native.hello()->connection == native.id());
  CHECK(native.wait_for(protocol::operation::event).argument<std::string>() == "text");
}

} // namespace troupe::test
