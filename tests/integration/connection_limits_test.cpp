#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

std::unique_ptr<ws_client> connect_from(std::uint16_t port, const std::string& address) {
  return std::make_unique<ws_client>(
      std::make_unique<tcp_client>(tcp_options{.port = port, .from = address}), "/raw");
}

int status_from(std::uint16_t port, const std::string& address, std::string_view request) {
  tcp_client client{tcp_options{.port = port, .from = address}};
  client.send(request);
  std::string rest;
  return read_answer(client, rest).status;
}

/// Tries until the server has noticed that a client left.
bool soon_served(std::uint16_t port, const std::string& address) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end)
    if (status_from(port, address, upgrade("/raw")) == 101)
      return true;
  return false;
}

} // namespace

TEST_CASE("admission: connections in total are bounded", "[integration][admission]") {
  auto settings = quick_config(GENERATE(1U, 2U));
  settings.limits.max_connections = 3;
  const running_server server{settings};
  std::vector<std::unique_ptr<ws_client>> clients;
  for (const auto* from : {"127.0.0.1", "127.0.0.2", "127.0.0.3"})
    clients.push_back(connect_from(server.port(), from));
  CHECK(status_from(server.port(), "127.0.0.4", upgrade("/raw")) == 503);
  CHECK(status_from(server.port(), "127.0.0.4", get("/healthz")) == 503);
  for (auto& each : clients) {
    each->send_text("still here");
    CHECK(each->next_message() == "still here");
  }
  clients.pop_back();
  CHECK(soon_served(server.port(), "127.0.0.4"));
}

TEST_CASE("admission: connections per address are bounded, others are served",
          "[integration][admission]") {
  auto settings = quick_config();
  settings.limits.max_connections_per_address = 2;
  const running_server server{settings};
  std::vector<std::unique_ptr<ws_client>> clients;
  clients.push_back(connect_from(server.port(), "127.0.0.9"));
  clients.push_back(connect_from(server.port(), "127.0.0.9"));
  CHECK(status_from(server.port(), "127.0.0.9", upgrade("/raw")) == 503);
  clients.push_back(connect_from(server.port(), "127.0.0.10"));
  clients.front()->socket().reset();
  CHECK(soon_served(server.port(), "127.0.0.9"));
}

TEST_CASE("admission: sockets that say nothing count", "[integration][admission]") {
  auto settings = quick_config();
  settings.limits.max_connections_per_address = 2;
  const running_server server{settings};
  tcp_client first{server.port()};
  tcp_client second{server.port()};
  CHECK(status_from(server.port(), "127.0.0.1", get("/healthz")) == 503);
  CHECK(read_to_end(first).empty()); // the handshake deadline frees their places
  CHECK(read_to_end(second).empty());
  CHECK(soon_served(server.port(), "127.0.0.1"));
}

} // namespace troupe::test
