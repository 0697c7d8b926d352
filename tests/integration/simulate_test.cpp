// `--simulate` over real sockets: everything arrives, only later.
#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <thread>

namespace troupe::test {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

namespace {

config impaired(std::string how) {
  auto settings = quick_config();
  settings.simulate = std::move(how);
  settings.limits.handshake_timeout = 5'000ms;
  settings.limits.close_timeout = 2'000ms;
  settings.limits.messages_per_s = 0;
  settings.limits.bytes_per_s = 0;
  return settings;
}

std::string echo(ws_client& by, std::string_view text) {
  by.send_text(text);
  return by.next_message();
}

clock::duration time_of_echo(ws_client& by, std::string_view text) {
  const auto start = clock::now();
  REQUIRE(echo(by, text) == text);
  return clock::now() - start;
}

} // namespace

TEST_CASE("simulate: an echo takes the latency twice, and the jitter at most",
          "[integration][simulate]") {
  running_server server{impaired("latency=40ms,jitter=20ms")};
  ws_client client{server.port(), "/raw"};
  auto shortest = clock::duration::max();
  for (int i = 0; i < 5; ++i) {
    const auto took = time_of_echo(client, "hello " + std::to_string(i));
    CHECK(took >= 80ms);
    shortest = std::min(shortest, took);
  }
  CHECK(shortest < 80ms + 40ms + 200ms); // a busy machine adds its own
}

TEST_CASE("simulate: the rate holds, and everything arrives in order", "[integration][simulate]") {
  running_server server{impaired("rate=100kB/s,jitter=5ms,loss=0.5%")};
  ws_client client{server.port(), "/raw"};
  std::string sent;
  for (int i = 0; sent.size() < 30'000; ++i)
    sent += std::to_string(i) + ",";
  const auto took = time_of_echo(client, sent);
  CHECK(took >= 290ms);
  CHECK(took < 5s);
  for (int i = 0; i < 50; ++i)
    client.send_text(std::to_string(i));
  for (int i = 0; i < 50; ++i)
    CHECK(client.next_message() == std::to_string(i));
}

TEST_CASE("simulate: TLS passes through it", "[integration][simulate]") {
  const temporary_folder folder;
  const auto made = make_certificate("a.example");
  folder.write("cert.pem", made.chain);
  folder.write("key.pem", made.key);
  auto settings = impaired("latency=10ms,jitter=10ms");
  settings.tls_cert = folder.path() / "cert.pem";
  settings.tls_key = folder.path() / "key.pem";
  running_server server{settings};
  ws_client client{std::make_unique<tls_client>(server.port()), "/raw"};
  CHECK(echo(client, std::string(50'000, 'x')) == std::string(50'000, 'x'));
}

TEST_CASE("simulate: ends travel in both directions", "[integration][simulate]") {
  running_server server{impaired("latency=30ms")};
  SECTION("the client closes, and hears the answer") {
    ws_client client{server.port(), "/raw"};
    client.send_close(1000);
    CHECK(client.wait_close().code == 1000);
    CHECK(client.wait_end());
  }
  SECTION("a half that is shut down still hears the other") {
    tcp_client client{server.port()};
    client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    client.shutdown_send();
    CHECK(read_to_end(client).find("200 OK") != std::string::npos);
  }
  SECTION("the server's last words come before its end") {
    tcp_client client{server.port()};
    client.send("nonsense\r\n\r\n");
    CHECK(read_to_end(client).find("400") != std::string::npos);
  }
  CHECK(serves(server));
}

TEST_CASE("simulate: clients that vanish leave nothing behind", "[integration][simulate]") {
  auto settings = impaired("latency=20ms,rate=50kB/s");
  settings.limits.max_connections = 20;
  running_server server{settings};
  for (int round = 0; round < 5; ++round) {
    std::vector<std::unique_ptr<ws_client>> all;
    for (int i = 0; i < 15; ++i) {
      all.push_back(std::make_unique<ws_client>(server.port(), "/raw"));
      all.back()->send_text(std::string(5'000, 'x'));
    }
    for (auto& each : all)
      each->socket().reset();
    std::this_thread::sleep_for(400ms); // what they sent is still on its way
  }
  CHECK(serves(server));
}

TEST_CASE("simulate: who does not read is noticed by the server", "[integration][simulate]") {
  auto settings = impaired("rate=200kB/s");
  settings.limits.outbox_bytes = 64 * 1024;
  running_server server{
      settings, [](troupe::server& to) {
        to.endpoint("/flood", speaks::raw).on_message([](connection& from, byte_view, bool) {
          for (int i = 0; i < 200; ++i)
            from.send_text(std::string(10'000, 'x'));
        });
      }};
  ws_client client{server.port(), "/flood"};
  client.send_text("go");
  CHECK(read_to_end(client.socket()).size() < 400'000); // of 2 MB: it was closed for being slow
  CHECK(serves(server));
}

TEST_CASE("simulate: the end of the server reaches its clients", "[integration][simulate]") {
  auto server = std::make_unique<running_server>(impaired("latency=50ms"));
  ws_client client{server->port(), "/raw"};
  CHECK(echo(client, "x") == "x");
  std::thread running{[&] { (*server)->run(); }};
  (*server)->stop();
  CHECK(client.wait_close().code == 1001);
  client.send_close(1001);
  CHECK(client.wait_end());
  running.join();
}

} // namespace troupe::test
