#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <string>

namespace troupe::test {

using protocol::left_reason;
using protocol::operation;

namespace {

struct lifetime_fixture {
  mailbox<std::string> log;
  endpoint* chat = nullptr;
  running_server server{
      quick_config(), [this](troupe::server& to) {
        chat = &to.endpoint("/chat");
        chat->rooms("hall")
            .presence(false)
            .until_closed()
            .on_create([this](room&) { log.put("created"); })
            .on_joined([this](room& r) {
              log.put("joined");
              r.emit("welcome", r.size());
            })
            .on_leave([this](room& r) { log.put(r.sender().is_connected ? "left" : "lost"); })
            .on("close", [](room& r) { r.close(); });
      }};
  native_client ann{server.port()};

  void visit(std::function<void(room&)> run) { chat->visit_room("hall", std::move(run)); }
};

} // namespace

TEST_CASE("rooms: who has joined is told before what on_joined sends", "[integration][rooms]") {
  lifetime_fixture fixture;
  fixture.ann.request_join("hall");
  CHECK(fixture.ann.next()->op == operation::joined);
  const auto event = fixture.ann.next();
  CHECK(event->op == operation::room_event);
  CHECK(event.argument<int>() == 1);
}

TEST_CASE("rooms: a room that is visited is there without members, until it is closed",
          "[integration][rooms]") {
  lifetime_fixture fixture;
  fixture.visit([](room& r) { r.value<int>() = 7; });
  CHECK(fixture.log.take() == "created");
  fixture.ann.join("hall");
  CHECK(fixture.log.take() == "joined");
  mailbox<int> seen;
  fixture.visit([&](room& r) { seen.put(r.value<int>()); });
  CHECK(seen.take() == 7);
  fixture.visit([](room& r) { r.close(); });
  CHECK(fixture.log.take() == "left");
  fixture.visit([&](room& r) { seen.put(r.value<int>()); });
  CHECK(seen.take() == 0); // another one
}

TEST_CASE("rooms: members of a closed room are told, and can join a new one",
          "[integration][rooms]") {
  lifetime_fixture fixture;
  native_client bob{fixture.server.port()};
  const auto room = fixture.ann.join("hall");
  CHECK(bob.join("hall") == room);
  CHECK(bob.next()->op == operation::room_event);
  bob.publish(room, "close");
  const auto left = bob.next();
  CHECK(left->op == operation::left);
  CHECK(left->reason == left_reason::room_closed);
  bob.request_join("hall");
  const auto again = bob.next();
  CHECK(again->op == operation::joined);
  CHECK(again->members == 1);
}

TEST_CASE("rooms: on_leave knows who has lost the connection", "[integration][rooms]") {
  lifetime_fixture fixture;
  {
    native_client bob{fixture.server.port()};
    bob.join("hall");
    CHECK(fixture.log.take() == "created");
    CHECK(fixture.log.take() == "joined");
    bob.ws().socket().reset();
    CHECK(fixture.log.take() == "lost");
  }
  const auto room = fixture.ann.join("hall");
  CHECK(fixture.log.take() == "joined");
  fixture.ann.send({.op = operation::leave, .ask_id = 1, .room = room});
  CHECK(fixture.log.take() == "left");
}

} // namespace troupe::test
