#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"

#include <atomic>

namespace troupe::test {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

namespace {

/// "/bye" closes with 4001 at the first message and counts messages.
struct closing_fixture {
  explicit closing_fixture(std::chrono::milliseconds deadline = 300ms) {
    settings.limits.close_timeout = deadline;
  }

  config settings = quick_config();
  mailbox<disconnect> ended;
  std::atomic<int> messages = 0;
  running_server server{settings, [this](troupe::server& s) {
                          s.endpoint("/bye", speaks::raw)
                              .on_message([this](connection& from, byte_view, bool) {
                                ++messages;
                                from.send_text("last words");
                                from.close(4001, "so long");
                              })
                              .on_disconnect([this](connection&, const close_info& info) {
                                ended.put({info.why, info.code, std::string{info.reason}});
                              });
                        }};
};

} // namespace

TEST_CASE("closing: the client's close code is echoed, then the server hangs up",
          "[integration][closing]") {
  closing_fixture fixture;
  ws_client client{fixture.server.port(), "/bye"};
  const auto code = GENERATE(1000, 1001, 1003, 1007, 1011, 3000, 4999);
  client.send_close(code, "enough");
  const auto answer = client.wait_close();
  CHECK(answer.code == code);
  CHECK(client.wait_end());
  const auto told = fixture.ended.take();
  CHECK(told.why == errc::ok);
  CHECK(told.code == code);
  CHECK(told.reason == "enough");
}

TEST_CASE("closing: a close without a code is answered without one", "[integration][closing]") {
  closing_fixture fixture;
  ws_client client{fixture.server.port(), "/bye"};
  client.send(client_frame(fin | closing, ""));
  CHECK(client.wait_close().code == 1005);
  CHECK(client.wait_end());
  CHECK(fixture.ended.take().code == 1005);
}

TEST_CASE("closing: the server's close comes behind what it sent before",
          "[integration][closing]") {
  closing_fixture fixture{60s}; // what has to wait for that fails
  ws_client client{fixture.server.port(), "/bye"};
  client.send_text("please");
  CHECK(client.next_message() == "last words");
  const auto close = client.wait_close();
  CHECK(close.code == 4001);
  CHECK(close.reason == "so long");
  client.send_close(4001);
  CHECK(client.wait_end());
  CHECK(fixture.ended.take().code == 4001);
}

TEST_CASE("closing: a client that never answers is dropped at the deadline",
          "[integration][closing]") {
  closing_fixture fixture;
  ws_client client{fixture.server.port(), "/bye"};
  const auto before = clock::now();
  client.send_text("please");
  CHECK(client.wait_close().code == 4001);
  CHECK(client.wait_end());
  CHECK(clock::now() - before > 290ms);
}

TEST_CASE("closing: messages behind a close of either side are ignored", "[integration][closing]") {
  closing_fixture fixture;
  ws_client client{fixture.server.port(), "/bye"};
  SECTION("the server closed") {
    client.send_text("please");
    client.send_text("again");
    CHECK(client.wait_close().code == 4001);
    client.send_text("once more");
    client.send_close(4001);
    CHECK(client.wait_end());
    CHECK(fixture.messages == 1);
  }
  SECTION("the client closed") {
    client.send(client_frame(fin | closing, close_payload(1000))
                + client_frame(fin | text, "and another thing") + "garbage");
    CHECK(client.wait_close().code == 1000);
    CHECK(client.wait_end());
    CHECK(fixture.messages == 0);
  }
}

TEST_CASE("closing: a flood of closes is one close", "[integration][closing]") {
  closing_fixture fixture;
  ws_client client{fixture.server.port(), "/bye"};
  std::string flood;
  for (int i = 0; i < 1'000; ++i)
    flood += client_frame(fin | closing, close_payload(1000));
  client.send(flood);
  CHECK(client.wait_close().code == 1000);
  CHECK_FALSE(client.next_frame());
  CHECK(serves(fixture.server));
}

TEST_CASE("closing: a connection that is cut is told as lost", "[integration][closing]") {
  closing_fixture fixture;
  ws_client client{fixture.server.port(), "/bye"};
  SECTION("end of stream") {
    client.socket().close();
  }
  SECTION("reset") {
    client.socket().reset();
  }
  SECTION("half closed") {
    client.socket().shutdown_send();
    CHECK(client.wait_end());
  }
  const auto told = fixture.ended.take();
  CHECK(told.why == errc::connection_lost);
  CHECK(told.code == 1006);
}

} // namespace troupe::test
