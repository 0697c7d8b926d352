#include "troupe/server.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/short_echo.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tools/load_run.hpp"
#include "tools/load_thresholds.hpp"

#include <spdlog/spdlog.h>
#include <string>

using namespace troupe::load;
using namespace std::chrono_literals;

namespace {

/// A server that echoes under TLS, with a certificate for "localhost".
struct secure_server {
  secure_server() {
    spdlog::set_level(spdlog::level::off);
    const auto made = troupe::test::make_certificate("localhost");
    folder.write("cert.pem", made.chain);
    folder.write("key.pem", made.key);
    server = std::make_unique<troupe::server>(settings());
    server->endpoint("/echo", troupe::speaks::raw)
        .without_rate_limits()
        .on_message([](troupe::connection& from, troupe::byte_view bytes, bool) {
          from.send_binary(bytes);
        });
    server->start();
  }

  troupe::config settings() const {
    troupe::config result;
    result.listen = "localhost:0";
    result.threads = 1;
    result.tls_cert = folder.path() / "cert.pem";
    result.tls_key = folder.path() / "key.pem";
    result.limits.message_bytes = 1024 * 1024;
    result.limits.outbox_bytes = 16 * 1024 * 1024;
    return result;
  }

  run_result run(void (*change)(options&)) const {
    return troupe::test::run_short_echo([&](options& values) {
      values.target = {.secure = true,
                       .host = "localhost",
                       .port = std::to_string(server->port()),
                       .target = "/echo"};
      values.ca_file = folder.path() / "cert.pem";
      values.drain = 5s;
      change(values);
    });
  }

  troupe::test::temporary_folder folder;
  std::unique_ptr<troupe::server> server;
};

} // namespace

TEST_CASE("load: messages of every size come back under TLS", "[tools][load]") {
  const secure_server server;
  for (void (*change)(options&) :
       {+[](options&) {}, +[](options& o) { o.message_bytes = 20'000; },
        +[](options& o) { o.message_bytes = 700'000; }, +[](options& o) { o.connections = 100; }}) {
    const auto result = server.run(change);
    CHECK(result.ended == ending::finished);
    CHECK(result.connections.opened == result.connections.wanted);
    CHECK(result.connections.unclean == 0);
    CHECK(result.counts.delivered > 0);
    const auto violations = find_violations(result);
    CAPTURE(violations);
    CHECK(violations.empty());
  }
}

TEST_CASE("load: a certificate that nobody vouches for is refused", "[tools][load]") {
  const secure_server server;
  const auto refused = server.run([](options& o) { o.ca_file.clear(); });
  CHECK(refused.ended == ending::not_connected);
  REQUIRE(refused.connections.problems.size() == 1);
  CHECK(refused.connections.problems.begin()->first.starts_with("TLS: self"));
  const auto accepted = server.run([](options& o) {
    o.ca_file.clear();
    o.verify_peer = false;
  });
  CHECK(accepted.connections.opened == 4);
}

TEST_CASE("load: a server that speaks no TLS is reported", "[tools][load]") {
  troupe::config plain;
  plain.listen = "localhost:0";
  plain.threads = 1;
  troupe::server server{plain};
  server.start();
  options values;
  values.what = scenario::idle;
  values.target = {
      .secure = true, .host = "localhost", .port = std::to_string(server.port()), .target = "/"};
  values.connections = 2;
  values.duration = 10ms;
  values.quiet = true;
  complete(values);
  const std::atomic<bool> stop{false};
  const auto result = execute(values, stop);
  CHECK(result.ended == ending::not_connected);
  CHECK(result.connections.failed == 2);
}
