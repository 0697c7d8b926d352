#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

/// A server with an echo endpoint of these limits at "/limited".
struct limited_server : running_server {
  explicit limited_server(const endpoint_limits& limits, const config& settings = quick_config())
    : running_server{settings, [&limits](server& s) {
                       s.endpoint("/limited", speaks::raw)
                         .limits(limits)
                         .on_message([](connection& c, byte_view bytes, bool) {
                           c.send_text(as_text(bytes));
                         });
                     }} {}
};

} // namespace

TEST_CASE("endpoint limits: M12 messages are as large as the endpoint allows",
          "[integration][endpoint_limits]") {
  const limited_server server{{.message_bytes = 1'024}};
  ws_client client{server.port(), "/limited"};
  client.send_text(std::string(1'024, 'x'));
  CHECK(client.next_message().size() == 1'024);
  client.send_text(std::string(1'025, 'x'));
  CHECK(client.wait_close().code == 1009);
  ws_client other{server.port(), "/raw"};
  other.send_text(std::string(2'000, 'x'));
  CHECK(other.next_message().size() == 2'000);
}

TEST_CASE("endpoint limits: M11 a client that answers no ping is cut off",
          "[integration][endpoint_limits]") {
  const limited_server server{{.ping_interval = 50ms, .pong_timeout = 100ms}};
  ws_client client{server.port(), "/limited"};
  const auto first = client.next_frame();
  REQUIRE(first);
  CHECK(first->opcode() == 9);
  CHECK(first->payload.empty());
  CHECK(client.wait_close(1'000ms).code == 1001);
}

TEST_CASE("endpoint limits: M11 pings can be switched off", "[integration][endpoint_limits]") {
  auto settings = quick_config();
  settings.limits.ping_interval = 30ms;
  settings.limits.pong_timeout = 30ms;
  const limited_server server{{.ping_interval = 0ms}, settings};
  ws_client pinged{server.port(), "/raw"};
  ws_client quiet{server.port(), "/limited"};
  CHECK(pinged.wait_close().code == 1001);
  CHECK_THROWS_AS(quiet.next_frame(100ms), std::runtime_error); // nothing came
  quiet.send_text("here");
  CHECK(quiet.next_message() == "here");
}

TEST_CASE("endpoint limits: H22 M12 a client that says nothing is cut off, pongs or not",
          "[integration][endpoint_limits]") {
  const limited_server server{{.ping_interval = 20ms, .read_timeout = 150ms}};
  ws_client client{server.port(), "/limited"};
  client.send_text("in time");
  CHECK(client.next_message() == "in time");
  CHECK_THROWS(client.next_message()); // which answers the pings
}

TEST_CASE("endpoint limits: H10 compression is each endpoint's own choice",
          "[integration][endpoint_limits]") {
  const limited_server server{{.compression = true}};
  const auto offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
  const auto answer = [&](std::string_view target) {
    return ask_http(server.port(), upgrade(target, offer)).field("Sec-WebSocket-Extensions");
  };
  CHECK(answer("/limited").starts_with("permessage-deflate"));
  CHECK(answer("/raw").empty());
}

TEST_CASE("endpoint limits: H12 a time for the handshake is taken", "[integration][endpoint_limits]") {
  const limited_server server{{.handshake_timeout = 1'000ms}};
  ws_client client{server.port(), "/limited"};
  client.send_text("open");
  CHECK(client.next_message() == "open");
}

TEST_CASE("endpoint limits: M12 what is out of range keeps the server from starting",
          "[integration][endpoint_limits]") {
  CHECK_THROWS_AS(limited_server({.message_bytes = 0}), config_error);
}

} // namespace troupe::test
