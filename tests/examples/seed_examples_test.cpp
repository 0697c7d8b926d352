// The examples of iris' and neffos' documentation as they are here.
#include "tests/examples/example_process.hpp"
#include "tests/examples/seed_clients.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

const auto& prefix = iris_prefix;

/// The text behind "From: <id>: " of a chat message.
std::string line_of(const std::string& message) {
  REQUIRE(message.starts_with(prefix + "chat;0;From: "));
  return message.substr(message.rfind(": ") + 2);
}

} // namespace

TEST_CASE("examples: an iris chat room is joined, spoken in and left", "[examples][iris]") {
  example_process chat{"seeds_chat_room"};
  const auto script = ask_http(chat.port(), get("/iris-ws.js"));
  CHECK(script.status == 200);
  CHECK(script.field("Content-Type").find("javascript") != std::string::npos);
  ws_client ann{chat.port(), "/my_endpoint"};
  ann.send_text(prefix + "chat;0;one");
  CHECK(line_of(ann.next_message()) == "one");
  ws_client bob{chat.port(), "/my_endpoint"};
  bob.send_text(prefix + "chat;0;two");
  CHECK(line_of(bob.next_message()) == "two");
  CHECK(line_of(ann.next_message()) == "two");
  ann.send_text(prefix + "chat;0;leave");
  CHECK(ann.next_message() == prefix + "chat;0;you left the room");
  bob.send_text(prefix + "chat;0;three");
  CHECK(line_of(bob.next_message()) == "three");
  ann.send_text(prefix + "chat;0;leave");
  CHECK(ann.next_message() == prefix + "chat;0;you left the room");
  ann.send_close(1000);
  CHECK(ann.wait_close().code == 1000);
  CHECK(ann.wait_end());
  CHECK(chat.stop() == 0);
  CHECK(chat.output().find("has been disconnected") != std::string::npos);
}

TEST_CASE("examples: an echo keeps the types of iris events", "[examples][iris]") {
  example_process echo{"seeds_echo"};
  ws_client client{echo.port(), "/echo"};
  for (const std::string message : {"text;0;a;b", "number;1;42", "switch;2;false"}) {
    client.send_text(prefix + message);
    CHECK(client.next_message() == prefix + message);
  }
  client.send_text("no event");
  CHECK(client.next_message() == "no event");
}

TEST_CASE("examples: an echo keeps the types of neffos events", "[examples][neffos]") {
  example_process echo{"seeds_echo"};
  ws_client client{echo.port(), "/echo"};
  enter(client, "default");
  client.send_text(";default;;text;0;0;a;b");
  CHECK(client.next_message() == ";default;;text;0;0;a;b");
  client.send_text(";default;;number;0;0;42");
  CHECK(client.next_message() == ";default;;number;0;0;42");
  client.send_text("$2;default;;ask;0;0;why");
  CHECK(client.next_message() == "$2;default;;ask;0;0;why");
  client.send_binary(";default;;bytes;0;0;\1\2;\3");
  const auto frame = client.next_frame();
  REQUIRE(frame);
  CHECK(frame->opcode() == 2);
  CHECK(frame->payload == ";default;;bytes;0;0;\1\2;\3");
}

TEST_CASE("examples: an echo keeps the kind of whole messages", "[examples][raw]") {
  example_process echo{"seeds_echo"};
  ws_client client{echo.port(), "/echo"};
  client.send_binary("bytes");
  const auto frame = client.next_frame();
  REQUIRE(frame);
  CHECK(frame->opcode() == 2);
  CHECK(frame->payload == "bytes");
}

} // namespace troupe::test
