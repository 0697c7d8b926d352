#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

using namespace std::chrono_literals;
using protocol::operation;

namespace {

std::string repeat(std::string_view what, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i)
    all += what;
  return all;
}

void add_chat(server& to) {
  to.endpoint("/chat").on("echo", [](const std::string& words) { return words; });
}

} // namespace

TEST_CASE("limits: a message may be as long as the limit and not a byte longer",
          "[integration][limits]") {
  auto settings = quick_config();
  settings.limits.message_bytes = 1'024;
  const running_server server{settings};
  ws_client client{server.port(), "/raw"};
  const std::string longest(1'024, 'x');
  client.send_binary(longest);
  CHECK(client.next_message() == longest);
  client.send(client_frame(text, longest.substr(1)) + client_frame(fin | continuation, "x"));
  CHECK(client.next_message() == longest);

  SECTION("in one frame") {
    client.send_binary(longest + "x");
  }
  SECTION("in two frames") {
    client.send(client_frame(text, longest) + client_frame(fin | continuation, "x"));
  }
  SECTION("declared only") {
    client.send(encode({.declared_length = 1'025}).substr(0, 8));
  }
  SECTION("declared as 2^62") {
    client.send(encode({.declared_length = std::uint64_t{1} << 62}));
  }
  CHECK(client.wait_close().code == 1009);
  CHECK(client.wait_end());
  CHECK(serves(server));
}

TEST_CASE("limits: a length with its highest bit set is a protocol error",
          "[integration][limits]") {
  const running_server server;
  ws_client client{server.port(), "/raw"};
  const auto length = GENERATE(std::uint64_t{1} << 63, UINT64_MAX - 1);
  client.send(encode({.declared_length = length}));
  CHECK(client.wait_close().code == 1002);
  CHECK(serves(server));
}

TEST_CASE("limits: a message has as many fragments as the limit and not one more",
          "[integration][limits]") {
  auto settings = quick_config();
  settings.limits.fragments = 4;
  const running_server server{settings};
  ws_client client{server.port(), "/raw"};
  client.send(client_frame(text, "a") + repeat(client_frame(continuation, "b"), 2)
              + client_frame(fin | continuation, "c"));
  CHECK(client.next_message() == "abbc");
  client.send(client_frame(text, "a") + repeat(client_frame(continuation, "b"), 3)
              + client_frame(fin | continuation, "c"));
  CHECK(client.wait_close().code == 1008);
  CHECK(serves(server));
}

TEST_CASE("limits: endless empty fragments end the connection", "[integration][limits]") {
  const running_server server;
  ws_client client{server.port(), "/raw"};
  client.send(client_frame(text, "") + repeat(client_frame(continuation, ""), 1'000));
  CHECK(client.wait_close().code == 1008);
  CHECK(serves(server));
}

TEST_CASE("limits: a burst of pings is answered, a flood ends the connection",
          "[integration][limits]") {
  auto settings = quick_config();
  settings.limits.control_frames_per_s = 5;
  const running_server server{settings};
  ws_client client{server.port(), "/raw"};
  client.send(repeat(client_frame(fin | ping, "hi"), 5));
  for (int i = 0; i < 5; ++i) {
    const auto answer = client.next_frame();
    REQUIRE(answer);
    CHECK(answer->opcode() == pong);
    CHECK(answer->payload == "hi");
  }
  const auto kind = GENERATE(ping, pong);
  client.send(repeat(client_frame(fin | kind, ""), 500));
  CHECK(client.wait_close().code == 1008);
  CHECK(serves(server));
}

TEST_CASE("limits: a raw client that exceeds its messages per second is closed",
          "[integration][limits]") {
  auto settings = quick_config();
  settings.limits.messages_per_s = 1;
  settings.limits.burst = 10;
  const running_server server{settings};
  ws_client client{server.port(), "/raw"};
  client.send(repeat(client_frame(fin | text, "m"), 10));
  for (int i = 0; i < 10; ++i)
    CHECK(client.next_message() == "m");
  client.send(repeat(client_frame(fin | text, "m"), 5));
  CHECK(client.wait_close().code == 1008);
  CHECK(serves(server));
}

TEST_CASE("limits: a native client is told first and closed if it goes on",
          "[integration][limits]") {
  auto settings = quick_config();
  settings.limits.messages_per_s = 1;
  settings.limits.burst = 10;
  const running_server server{settings, add_chat};
  native_client client{server.port()};
  for (int i = 0; i < 11; ++i)
    client.ask("echo", "hello");
  for (int i = 0; i < 10; ++i)
    CHECK(client.next()->op == operation::reply);
  const auto error = client.next();
  CHECK(error->op == operation::error);
  CHECK(error->code == errc::rate_limited);
  CHECK(error->ask_id == 0);
  for (int i = 0; i < 20; ++i)
    client.ask("echo", "hello");
  CHECK(client.ws().wait_close().code == 1008);
  CHECK(serves(server));
}

TEST_CASE("limits: bytes per second count as well", "[integration][limits]") {
  auto settings = quick_config();
  settings.limits.message_bytes = 1'024;
  settings.limits.bytes_per_s = 1'024;
  const running_server server{settings, add_chat};
  const std::string kilobyte(1'000, 'x');
  SECTION("raw") {
    ws_client client{server.port(), "/raw"};
    client.send_binary(kilobyte);
    CHECK(client.next_message() == kilobyte);
    client.send_binary(kilobyte);
    client.send_binary(kilobyte);
    CHECK(client.wait_close().code == 1008);
  }
  SECTION("native") {
    native_client client{server.port()};
    for (int i = 0; i < 3; ++i)
      client.ask("echo", kilobyte);
    const auto error = client.wait_for(operation::error);
    CHECK(error->code == errc::rate_limited);
    for (int i = 0; i < 150; ++i) // as many messages are forgiven as fit into half a second
      client.ask("echo", kilobyte);
    CHECK(client.ws().wait_close().code == 1008);
  }
  CHECK(serves(server));
}

TEST_CASE("limits: messages let through now and then do not excuse the rest",
          "[integration][limits]") {
  auto settings = quick_config();
  settings.limits.message_bytes = 1'024;
  settings.limits.bytes_per_s = 10'240;
  const running_server server{settings, add_chat};
  native_client client{server.port()};
  const auto end = std::chrono::steady_clock::now() + patience;
  auto is_closed = false;
  while (!is_closed && std::chrono::steady_clock::now() < end) {
    for (int i = 0; i < 10; ++i) // 200 messages per second are allowed, their bytes are not
      client.emit("echo", std::string(1'000, 'x'));
    const auto next = std::chrono::steady_clock::now() + 50ms;
    while (!is_closed && std::chrono::steady_clock::now() < next)
      try {
        const auto frame = client.ws().next_frame(10ms);
        is_closed = frame && frame->opcode() == closing;
      } catch (const std::runtime_error&) {
        continue; // nothing came
      }
  }
  CHECK(is_closed);
}

TEST_CASE("limits: a burst of 0 means that any number may come at once", "[integration][limits]") {
  auto settings = quick_config();
  settings.limits.messages_per_s = 1;
  settings.limits.burst = 0;
  const running_server server{settings};
  ws_client client{server.port(), "/raw"};
  client.send(repeat(client_frame(fin | text, "m"), 1'000));
  for (int i = 0; i < 1'000; ++i)
    REQUIRE(client.next_message() == "m");
}

TEST_CASE("limits: an endpoint without rate limits takes everything", "[integration][limits]") {
  auto settings = quick_config();
  settings.limits.messages_per_s = 1;
  settings.limits.burst = 1;
  const running_server server{
      settings, [](auto& s) {
        s.endpoint("/fast", speaks::raw)
            .without_rate_limits()
            .on_message([](connection& from, byte_view bytes, bool) { from.send_binary(bytes); });
      }};
  ws_client client{server.port(), "/fast"};
  client.send(repeat(client_frame(fin | binary, "m"), 1'000));
  for (int i = 0; i < 1'000; ++i)
    REQUIRE(client.next_message() == "m");
}

} // namespace troupe::test
