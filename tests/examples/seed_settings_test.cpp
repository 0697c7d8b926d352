// The longer examples of iris' and neffos' documentation: every setting, and a controller.
#include "tests/examples/example_process.hpp"
#include "tests/examples/seed_clients.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

const auto& prefix = iris_prefix;

} // namespace

TEST_CASE("examples: every setting of iris has its effect", "[examples][iris]") {
  example_process configured{"seeds_configuration"};
  const auto offer = "Origin: https://elsewhere.example\r\nSec-WebSocket-Protocol: chat\r\n";
  ws_client client{configured.port(), "/chat?user=ann", offer};
  CHECK(client.answer().field("X-Served-By") == "troupe");
  CHECK(client.answer().field("Sec-WebSocket-Protocol") == "chat");
  client.send_text(prefix + "whoami;0;");
  const auto frame = client.next_frame();
  REQUIRE(frame);
  CHECK(frame->opcode() == 2);
  CHECK(frame->payload == prefix + "you;0;ann");
  client.send_text(std::string(1'025, 'x'));
  CHECK(client.wait_close().code == 1009);

  const auto refused = ask_http(configured.port(), get("/chat"));
  CHECK(refused.status >= 400);
  CHECK(refused.field("Retry-After") == "60");
  CHECK(refused.body.starts_with("no chat today: "));
}

TEST_CASE("examples: endpoints beside each other have settings of their own", "[examples][iris]") {
  example_process configured{"seeds_configuration"};
  CHECK_THROWS(ws_client(configured.port(), "/echo", "Origin: https://elsewhere.example\r\n"));
  ws_client client{configured.port(), "/echo"};
  CHECK(client.answer().field("X-Served-By").empty());
  client.send_text(prefix + "say;0;" + std::string(2'000, 'x'));
  CHECK(client.next_message() == prefix + "said;0;" + std::string(2'000, 'x'));
}

TEST_CASE("examples: a controller greets, counts and writes to its log", "[examples][neffos]") {
  example_process visits{"seeds_namespaces"};
  ws_client ann{visits.port(), "/websocket", "X-Username: ann\r\n"};
  enter(ann, "chat");
  CHECK(ann.next_message() == ";chat;;visit;0;0;1");
  ws_client bob{visits.port(), "/websocket", "X-Username: bob\r\n"};
  enter(bob, "chat");
  CHECK(bob.next_message() == ";chat;;visit;0;0;2");
  CHECK(ann.next_message() == ";chat;;visit;0;0;2");
  bob.send_text(";chat;;chat;0;0;hello");
  CHECK(ann.next_message() == ";chat;;chat;0;0;hello");
  bob.send_close(1000);
  CHECK(bob.wait_close().code == 1000);
  CHECK(ann.next_message() == ";chat;;visit;0;0;1");
  CHECK(visits.stop() == 0);
  CHECK(visits.output().find("visits: ann is here") != std::string::npos);
  CHECK(visits.output().find("visits: bob has said 1 lines") != std::string::npos);
}

TEST_CASE("examples: the namespace beside the controller answers", "[examples][neffos]") {
  example_process visits{"seeds_namespaces"};
  ws_client client{visits.port(), "/websocket"};
  enter(client, "default");
  client.send_text("$2;default;;version;0;0;");
  CHECK(client.next_message() == "$2;default;;version;0;0;1.0");
}

} // namespace troupe::test
