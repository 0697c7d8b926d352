#include "tests/integration/support/child_process.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/temporary_folder.hpp"

#include <csignal>
#include <future>
#include <thread>

namespace troupe::test {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

namespace {

bool is_echoed(std::uint16_t port) {
  ws_client client{port, "/raw"};
  client.send_text("echo");
  return client.next_message() == "echo";
}

/// Writes a new certificate and its key. @returns the certificate.
std::string write_certificate(const temporary_folder& to) {
  const auto made = make_certificate("a.example");
  to.write("cert.pem", made.chain);
  to.write("key.pem", made.key);
  return made.chain;
}

} // namespace

TEST_CASE("process: out of file descriptors it waits, and goes on when there are some",
          "[integration][process]") {
  child_process child{{"--threads", "1", "--handshake-timeout", "60s"}, 64};
  auto good = std::make_unique<ws_client>(child.port(), "/raw");
  std::vector<std::unique_ptr<tcp_client>> crowd;
  for (int i = 0; i < 150; ++i)
    crowd.push_back(std::make_unique<tcp_client>(child.port()));
  good->send_text("before");
  CHECK(good->next_message() == "before");
  const auto cpu = child.cpu_time();
  std::this_thread::sleep_for(1'000ms); // a server that spins would use all of it
  CHECK(child.cpu_time() - cpu < 100ms);
  const auto log = child.log();
  const auto complaints = [&log] {
    int count = 0;
    for (auto at = log.find("cannot accept"); at != std::string::npos;
         at = log.find("cannot accept", at + 1))
      ++count;
    return count;
  }();
  CHECK(complaints >= 1);
  CHECK(complaints <= 3);
  good->send_text("during");
  CHECK(good->next_message() == "during");
  crowd.clear();
  const auto freed = clock::now();
  CHECK(is_echoed(child.port()));
  CHECK(clock::now() - freed < 1s);
}

TEST_CASE("process: SIGTERM tells clients to go away and exits with 0", "[integration][process]") {
  child_process child{{"--threads", "2"}};
  const auto number = GENERATE(SIGTERM, SIGINT);
  std::vector<std::unique_ptr<ws_client>> clients;
  for (int i = 0; i < 10; ++i)
    clients.push_back(std::make_unique<ws_client>(child.port(), "/raw"));
  tcp_client silent{child.port()};
  child.signal(number);
  for (auto& each : clients) {
    CHECK(each->wait_close().code == 1001);
    each->send_close(1001);
  }
  for (auto& each : clients)
    CHECK(each->wait_end());
  CHECK(read_to_end(silent).empty());
  clients.clear(); // the server waits for them to hang up, for the close deadline at most
  silent.close();
  CHECK(child.wait(1s) == 0);
  CHECK_THROWS(tcp_client{child.port()});
}

TEST_CASE("process: without connections it ends at once, and in order", "[integration][process]") {
  for (int i = 0; i < 5; ++i) {
    child_process child{{"--threads", "8"}}; // some of which hear of the end when it is over
    child.signal(SIGTERM);
    CHECK(child.wait(5'000ms) == 0);
  }
}

TEST_CASE("process: clients that do not answer cost the drain time at most",
          "[integration][process]") {
  child_process child{{"--threads", "1", "--drain-timeout", "300ms"}};
  ws_client client{child.port(), "/raw"};
  child.signal(SIGTERM);
  CHECK(client.wait_close().code == 1001);
  CHECK(child.wait(1'500ms) == 0);
}

TEST_CASE("process: a second signal ends it at once", "[integration][process]") {
  child_process child{{"--threads", "1", "--drain-timeout", "60s", "--close-timeout", "60s"}};
  ws_client client{child.port(), "/raw"};
  child.signal(SIGTERM);
  CHECK(client.wait_close().code == 1001);
  CHECK_FALSE(child.wait(50ms));
  child.signal(SIGTERM);
  CHECK(child.wait(500ms) == 1);
}

TEST_CASE("process: SIGHUP loads the certificate again", "[integration][process]") {
  const temporary_folder folder;
  const auto first = write_certificate(folder);
  child_process child{{"--tls-cert", (folder.path() / "cert.pem").string(), "--tls-key",
                       (folder.path() / "key.pem").string()}};
  tls_client before{child.port()};
  CHECK(before.certificate() == first);
  const auto second = write_certificate(folder);
  child.signal(SIGHUP);
  const auto end = clock::now() + patience;
  std::string served;
  while (served != second && clock::now() < end)
    served = tls_client{child.port()}.certificate();
  CHECK(served == second);
  before.send(get("/healthz")); // what was open goes on
  std::string rest;
  CHECK(read_answer(before, rest).status == 200);
  folder.write("cert.pem", "broken");
  child.signal(SIGHUP);
  CHECK(tls_client{child.port()}.certificate() == second);
  CHECK_FALSE(child.wait(50ms));
}

TEST_CASE("process: stop ends run in the same process", "[integration][process]") {
  const auto threads = GENERATE(1U, 2U);
  running_server server{quick_config(threads)};
  auto running = std::async(std::launch::async, [&server] { return server->run(); });
  ws_client client{server.port(), "/raw"};
  client.send_text("x");
  CHECK(client.next_message() == "x");
  server->stop();
  CHECK(client.wait_close().code == 1001);
  client.send_close(1001);
  CHECK(running.wait_for(patience) == std::future_status::ready);
  CHECK(running.get() == 0);
}

} // namespace troupe::test
