#include "tests/integration/support/neffos_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

/// "/neffos" takes native messages in the namespace ""; "/strict" has no such namespace; "/only"
/// has nothing but native messages.
void add_endpoints(server& to) {
  auto& mixed = to.endpoint("/neffos", speaks::neffos);
  mixed.on_open([](connection& c) { c.send_text("too early"); });
  mixed.on_message([](connection& c, byte_view bytes, bool is_text) {
    const auto answer = "native:" + std::string{as_text(bytes)};
    if (is_text)
      c.send_text(answer);
    else
      c.send_binary(as_bytes(answer));
  });
  for (const auto* name : {"default", ""}) {
    auto& space = mixed.space(name);
    space.on("echo", [](payload_view body) { return make_payload(body); });
    space.on("native", [](connection& c) { c.send_text("raw text"); });
    space.on("full", [](connection& c) { c.emit("_OnNativeMessage", "full:x"); });
  }
  to.endpoint("/strict", speaks::neffos).on("echo", [](payload_view body) {
    return make_payload(body);
  });
  to.endpoint("/only", speaks::raw).on("message", [](connection& c, payload_view body) {
    const auto answer = "only:" + std::string{as_text(body.bytes)};
    if (c.message().is_binary)
      c.send_binary(as_bytes(answer));
    else
      c.send_text(answer);
  });
}

struct natives_fixture {
  running_server server{quick_config(), add_endpoints};
  neffos_client client{server.port()};
};

} // namespace

TEST_CASE("neffos V01: native messages go to clients of the namespace with the empty name",
          "[integration][neffos]") {
  natives_fixture fixture;
  auto& client = fixture.client.connect();
  client.send("garbage");
  client.send_binary("garbage");
  CHECK(client.is_quiet()); // "" is not connected
  client.connect("");
  CHECK(client.ask("garbage") == "native:garbage");
  CHECK(client.ask("a;b;c;d;e;f") == "native:a;b;c;d;e;f");
  client.send_binary("bin-garbage");
  CHECK(client.next() == "BIN native:bin-garbage");
  CHECK(client.ask("$1;;;echo;0;0;an event") == "$1;;;echo;0;0;an event");
}

TEST_CASE("neffos V01: without that namespace they are dropped, the connection stays",
          "[integration][neffos]") {
  natives_fixture fixture;
  neffos_client client{fixture.server.port(), "/strict"};
  client.connect();
  for (const auto* frame : {"garbage", "a;b;c", "", "M"})
    client.send(frame);
  CHECK(client.is_quiet());
}

TEST_CASE("neffos V02: an endpoint of raw messages acknowledges and drops nothing",
          "[integration][neffos]") {
  natives_fixture fixture;
  neffos_client client{fixture.server.port(), "/only"};
  for (const auto* frame : {"M", "hello", ";default;;x;0;0;y"})
    CHECK(client.ask(frame) == "only:" + std::string{frame});
  client.send_binary("bin");
  CHECK(client.next() == "BIN only:bin");
}

TEST_CASE("neffos V03: native messages go out to clients that can take them",
          "[integration][neffos]") {
  natives_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("native");
  CHECK(client.is_quiet());
  client.connect("");
  client.emit("native");
  CHECK(client.next() == "raw text");
}

TEST_CASE("neffos V04: native messages have a full form, too", "[integration][neffos]") {
  natives_fixture fixture;
  auto& client = fixture.client.connect();
  client.emit("full");
  CHECK(client.next() == ";default;;_OnNativeMessage;0;0;full:x");
  client.connect("");
  client.emit("full", {}, {}, "");
  CHECK(client.next() == ";;;_OnNativeMessage;0;0;full:x");
  CHECK(client.ask(";;;_OnNativeMessage;0;0;in full") == "native:in full");
  client.send(";unknown;;_OnNativeMessage;0;0;nobody hears it");
  CHECK(client.is_quiet());
}

} // namespace troupe::test
