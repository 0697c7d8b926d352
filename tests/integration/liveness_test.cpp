#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

namespace {

constexpr auto slack = 1s; // of a busy machine

config short_pings() {
  auto settings = quick_config();
  settings.limits.ping_interval = 150ms;
  settings.limits.pong_timeout = 100ms;
  return settings;
}

/// How long it takes until the server ends `client`, and what it said.
std::pair<clock::duration, std::string> time_until_end(byte_stream& client) {
  const auto before = clock::now();
  auto said = read_to_end(client);
  return {clock::now() - before, std::move(said)};
}

void check_deadline(clock::duration waited, std::chrono::milliseconds deadline) {
  CHECK(waited > deadline - 50ms);
  CHECK(waited < deadline + slack);
}

} // namespace

TEST_CASE("liveness: a client that answers pings stays", "[integration][liveness]") {
  const running_server server{short_pings()};
  ws_client client{server.port(), "/raw"};
  auto last = clock::now();
  for (int i = 0; i < 3; ++i) {
    const auto frame = client.next_frame();
    REQUIRE(frame);
    CHECK(frame->opcode() == ping);
    check_deadline(clock::now() - last, 150ms);
    last = clock::now();
    client.send(client_frame(fin | pong, frame->payload));
  }
  client.send_text("alive");
  CHECK(client.next_message() == "alive");
}

TEST_CASE("liveness: a client that answers no ping is closed", "[integration][liveness]") {
  const running_server server{short_pings()};
  ws_client client{server.port(), "/raw"};
  const auto first = client.next_frame();
  REQUIRE(first);
  CHECK(first->opcode() == ping);
  const auto before = clock::now();
  CHECK(client.wait_close().code == 1001);
  check_deadline(clock::now() - before, 100ms);
  CHECK(client.wait_end());
}

TEST_CASE("liveness: whatever a client sends shows that it lives", "[integration][liveness]") {
  const running_server server{short_pings()};
  ws_client client{server.port(), "/raw"};
  for (int pings = 0; pings < 3;) {
    const auto frame = client.next_frame();
    REQUIRE(frame);
    REQUIRE(frame->opcode() != closing);
    if (frame->opcode() != ping)
      continue;
    ++pings;
    client.send_text("no pong, but words");
  }
}

TEST_CASE("liveness: the application sees the round trip", "[integration][liveness]") {
  const running_server server{
      short_pings(), [](auto& s) {
        s.endpoint("/trip", speaks::raw).on_message([](connection& c, byte_view, bool) {
          c.send_text(c.round_trip() > 0us ? "known" : "unknown");
        });
      }};
  ws_client client{server.port(), "/trip"};
  client.send_text("?");
  CHECK(client.next_message() == "unknown");
  const auto frame = client.next_frame();
  REQUIRE(frame);
  client.send(client_frame(fin | pong, frame->payload) + client_frame(fin | text, "?"));
  CHECK(client.next_message() == "known");
}

TEST_CASE("liveness: a handshake has an absolute deadline", "[integration][liveness]") {
  const running_server server; // 300 ms
  SECTION("silent") {
    tcp_client client{server.port()};
    const auto [waited, said] = time_until_end(client);
    check_deadline(waited, 300ms);
    CHECK(said.empty());
  }
  SECTION("half a head") {
    tcp_client client{server.port()};
    client.send("GET /raw HTTP/1.1\r\nHost:");
    const auto [waited, said] = time_until_end(client);
    check_deadline(waited, 300ms);
    CHECK(said.find("HTTP/1.1 408 ") == 0);
  }
  SECTION("a byte at a time") {
    tcp_client client{server.port()};
    const auto before = clock::now();
    const auto head = upgrade("/raw", "X-Long: " + std::string(500, 'x') + "\r\n");
    std::string said;
    for (std::size_t i = 0; said.empty() && i < head.size(); ++i) {
      client.send(head.substr(i, 1));
      try {
        said = client.receive(20ms);
      } catch (const std::runtime_error&) {
        continue; // nothing yet
      }
    }
    check_deadline(clock::now() - before, 300ms);
    CHECK(said.find("HTTP/1.1 408 ") == 0);
  }
  SECTION("a connection kept alive and unused") {
    tcp_client client{server.port()};
    client.send(get("/healthz"));
    const auto [waited, said] = time_until_end(client);
    check_deadline(waited, 300ms);
    CHECK(said.find("HTTP/1.1 200 ") == 0);
    CHECK(said.find("408") == std::string::npos);
  }
  CHECK(serves(server));
}

TEST_CASE("liveness: many silent clients do not keep a good one waiting",
          "[integration][liveness]") {
  const running_server server;
  std::vector<std::unique_ptr<tcp_client>> silent;
  for (int i = 0; i < 200; ++i)
    silent.push_back(std::make_unique<tcp_client>(server.port()));
  const auto before = clock::now();
  CHECK(serves(server));
  CHECK(clock::now() - before < slack);
  for (auto& each : silent)
    CHECK(read_to_end(*each).empty());
}

} // namespace troupe::test
