#include "tools/load_options.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::load;

namespace {

options make_options(scenario what, wire protocol = wire::raw) {
  options value;
  value.what = what;
  value.protocol = protocol;
  value.target = {.secure = false, .host = "127.0.0.1", .port = "80", .target = "/"};
  return value;
}

} // namespace

TEST_CASE("options: each raw scenario has its endpoint", "[tools][load]") {
  const auto path = [](scenario what) {
    auto value = make_options(what);
    complete(value);
    return value.target.target;
  };
  CHECK(path(scenario::broadcast) == "/ws");
  CHECK(path(scenario::echo) == "/echo");
  CHECK(path(scenario::rooms) == "/rooms/{}");
  CHECK(path(scenario::idle) == "/echo");
}

TEST_CASE("options: a path that is given stays", "[tools][load]") {
  auto value = make_options(scenario::broadcast);
  value.target.target = "/chat";
  complete(value);
  CHECK(value.target.target == "/chat");
}

TEST_CASE("options: native fills in subprotocol, room and event", "[tools][load]") {
  auto value = make_options(scenario::rooms, wire::native);
  complete(value);
  CHECK(value.subprotocol == "troupe.v1");
  CHECK(value.room == "load-{}");
  CHECK(value.event == "load");
  auto echo = make_options(scenario::echo, wire::native);
  complete(echo);
  CHECK(echo.room.empty());
  CHECK(echo.event == "echo");
}

TEST_CASE("options: rooms number their paths and rooms by group", "[tools][load]") {
  auto value = make_options(scenario::rooms);
  value.rooms = 3;
  value.members = 4;
  complete(value);
  CHECK(value.shape().connections() == 12);
  CHECK(value.path_of(0) == "/rooms/0");
  CHECK(value.path_of(11) == "/rooms/2");
  value.room = "r-{}-x";
  CHECK(value.room_of(7) == "r-1-x");
}

TEST_CASE("options: what makes no sense is refused with a sentence", "[tools][load]") {
  struct mistake {
    const char* name;
    void (*make)(options&);
  };
  const mistake mistakes[]{
      {"no connections", [](options& value) { value.connections = 0; }},
      {"more senders than connections", [](options& value) { value.senders = 101; }},
      {"no room for the stamp", [](options& value) { value.message_bytes = 23; }},
      {"no window", [](options& value) { value.window = 0; }},
      {"no burst", [](options& value) { value.burst = 0; }},
      {"no time", [](options& value) { value.duration = {}; }},
      {"a negative rate", [](options& value) { value.rate = -1; }},
      {"too many source addresses", [](options& value) { value.source_addresses = 255; }},
      {"TLS without TLS", [](options& value) { value.verify_peer = false; }},
      {"a room in raw", [](options& value) { value.room = "lobby"; }},
      {"raw rooms without a number",
       [](options& value) {
         value.what = scenario::rooms;
         value.target.target = "/ws";
       }},
      {"native rooms without a number",
       [](options& value) {
         value.what = scenario::rooms;
         value.protocol = wire::native;
         value.room = "lobby";
       }},
      {"a bad event name",
       [](options& value) {
         value.protocol = wire::native;
         value.event = "no spaces";
       }},
      {"nobody who receives",
       [](options& value) {
         value.connections = 1;
         value.senders_receive = false;
       }},
      {"more pairs than memory",
       [](options& value) { value.connections = value.senders = 100'000; }},
      {"idle with a rate",
       [](options& value) {
         value.what = scenario::idle;
         value.rate = 5;
       }},
  };
  for (const auto& [name, make] : mistakes) {
    CAPTURE(name);
    auto value = make_options(scenario::broadcast);
    make(value);
    CHECK_THROWS_AS(complete(value), usage_error);
  }
}
