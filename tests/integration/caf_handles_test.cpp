#include "troupe/caf.hpp"

#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <caf/send.hpp>

namespace troupe::test {

using protocol::operation;

namespace {

void add_chat(server& to) {
  auto& chat = to.endpoint("/chat");
  chat.on("tell-me", [](connection& c) { caf::anon_send(to_actor(c), emit_event{"told"}); });
  chat.on("close-me", [](connection& c) {
    caf::anon_send(to_actor(c), close_connection{4'000, "as you wish"});
  });
  chat.rooms().on("tell-all", [](room& r) {
    caf::anon_send(to_actor(r), emit_event{"told", make_payload(7)});
  });
}

} // namespace

TEST_CASE("caf handles: events sent to a connection's actor reach its client",
          "[integration][caf]") {
  running_server server{quick_config(), add_chat};
  native_client client{server.port()};
  client.emit("tell-me");
  const auto told = client.wait_for(operation::event);
  CHECK(client.name_of(told) == "told");
}

TEST_CASE("caf handles: a connection's actor closes it", "[integration][caf]") {
  running_server server{quick_config(), add_chat};
  native_client client{server.port()};
  client.emit("close-me");
  CHECK(client.ws().wait_close().code == 4'000);
}

TEST_CASE("caf handles: events sent to a room's actor reach all members", "[integration][caf]") {
  running_server server{quick_config(), add_chat};
  native_client ann{server.port()};
  native_client bob{server.port()};
  const auto room = ann.join("lobby");
  bob.join("lobby");
  bob.publish(room, "tell-all");
  for (auto* each : {&ann, &bob}) {
    const auto told = each->wait_for(operation::room_event);
    CHECK(told->sender == 0);
    CHECK(told.argument<int>() == 7);
  }
}

} // namespace troupe::test
