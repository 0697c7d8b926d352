#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fstream>
#include <openssl/ssl.h>

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

struct tls_fixture {
  explicit tls_fixture(std::chrono::milliseconds handshake = 300ms) {
    settings.limits.handshake_timeout = handshake;
    const auto made = make_certificate("a.example");
    folder.write("cert.pem", made.chain);
    folder.write("key.pem", made.key);
    settings.tls_cert = folder.path() / "cert.pem";
    settings.tls_key = folder.path() / "key.pem";
    settings.limits.outbox_bytes = 64 * 1024 * 1024;
    server = std::make_unique<running_server>(settings, [](troupe::server& s) {
      s.endpoint("/flood", speaks::raw)
          .without_rate_limits()
          .on_message([](connection& from, byte_view, bool) {
            for (int i = 0; i < 500; ++i)
              from.send_text(std::to_string(i)
                             + std::string(static_cast<std::size_t>(i) * 17, 'x'));
          });
    });
  }

  bool serves_tls() const {
    ws_client client{std::make_unique<tls_client>(server->port()), "/raw"};
    client.send_text("still there?");
    return client.next_message() == "still there?";
  }

  temporary_folder folder;
  config settings = quick_config();
  std::unique_ptr<running_server> server;
};

} // namespace

TEST_CASE("tls: messages of every size are echoed", "[integration][tls]") {
  tls_fixture fixture;
  const auto version = GENERATE(0, TLS1_2_VERSION, TLS1_3_VERSION);
  ws_client client{std::make_unique<tls_client>(fixture.server->port(), version), "/raw"};
  for (const std::size_t size : {0UL, 1UL, 1'000UL, 16'384UL, 16'385UL, 65'536UL}) {
    const std::string message(size, 't');
    client.send_text(message);
    CHECK(client.next_message() == message);
  }
  client.send_close(1000);
  CHECK(client.wait_close().code == 1000);
  CHECK(client.wait_end());
}

TEST_CASE("tls: old versions are refused", "[integration][tls]") {
  tls_fixture fixture;
  CHECK_THROWS(tls_client{fixture.server->port(), TLS1_1_VERSION});
  CHECK(fixture.serves_tls());
}

TEST_CASE("tls: frames behind the upgrade in one record are kept", "[integration][tls]") {
  tls_fixture fixture;
  tls_client client{fixture.server->port()};
  client.send(upgrade("/raw") + client_frame(fin | text, "early"));
  std::string rest;
  CHECK(read_answer(client, rest).status == 101);
  while (rest.size() < 7)
    rest += client.receive();
  CHECK(rest.substr(2) == "early");
}

TEST_CASE("tls: requests over one connection", "[integration][tls]") {
  tls_fixture fixture;
  tls_client client{fixture.server->port()};
  std::string rest;
  for (int i = 0; i < 2; ++i) {
    client.send(get("/healthz"));
    CHECK(read_answer(client, rest).body == "ok\n");
  }
}

TEST_CASE("tls: an origin must be https", "[integration][tls]") {
  tls_fixture fixture;
  auto status = [&fixture](std::string_view origin) {
    tls_client client{fixture.server->port()};
    client.send(upgrade("/raw", std::string{"Origin: "}.append(origin).append("\r\n")));
    std::string rest;
    return read_answer(client, rest).status;
  };
  CHECK(status("https://a.example") == 101);
  CHECK(status("http://a.example") == 403);
}

TEST_CASE("tls: a client that pauses gets everything in order", "[integration][tls]") {
  tls_fixture fixture;
  ws_client client{std::make_unique<tls_client>(fixture.server->port()), "/flood"};
  client.send_text("go"); // 2 MB: more than the kernel takes at once
  for (std::size_t i = 0; i < 500; ++i) {
    const auto message = client.next_message();
    REQUIRE(message == std::to_string(i) + std::string(i * 17, 'x'));
  }
  client.send_text("again, now both ways at once");
  for (int i = 0; i < 20; ++i)
    client.send_text("more");
  for (std::size_t i = 0; i < 21 * 500; ++i)
    REQUIRE(client.next_message().find(std::to_string(i % 500)) == 0);
}

TEST_CASE("tls: whoever speaks something else is cut off at once", "[integration][tls]") {
  tls_fixture fixture{60s};
  tcp_client client{fixture.server->port()};
  client.send(get("/healthz"));
  CHECK(read_to_end(client).find("HTTP/1.1 200") == std::string::npos);
}

TEST_CASE("tls: whoever does not speak it is cut off", "[integration][tls]") {
  tls_fixture fixture;
  const auto before = std::chrono::steady_clock::now();
  tcp_client client{fixture.server->port()};
  SECTION("the beginning of a hello, then silence") {
    client.send(std::string_view{"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", 11});
    CHECK(read_to_end(client).empty());
    CHECK(std::chrono::steady_clock::now() - before > 290ms); // the handshake's deadline
  }
  SECTION("silence") {
    CHECK(read_to_end(client).empty());
  }
  CHECK(fixture.serves_tls());
}

} // namespace troupe::test
