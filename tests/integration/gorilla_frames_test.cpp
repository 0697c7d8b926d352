#include "troupe/websocket_hooks.hpp"

#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"

#include <stdexcept>

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

/// "/frames" does something about every kind of frame; "/parts" takes messages in parts.
struct frames_fixture {
  mailbox<std::string> told;
  mailbox<close_info> ended;
  running_server server{
      quick_config(), [this](troupe::server& s) {
        s.endpoint("/frames", speaks::raw)
            .on_ping([this](connection& c, byte_view payload) {
              told.put("ping " + std::string{as_text(payload)});
              if (as_text(payload) == "fail")
                throw std::runtime_error{"no"};
              c.websocket().pong(as_bytes("custom"));
            })
            .on_pong([this](connection&, byte_view payload) {
              told.put("pong " + std::string{as_text(payload)});
            })
            .on_close_frame([](connection& c, std::uint16_t code, std::string_view reason) {
              c.send_text("bye " + std::string{reason});
              if (code != 4000)
                c.close(4001, "answered");
            })
            .on_message([](connection& c, byte_view, bool) {
              c.websocket().ping(as_bytes("there?"));
              c.websocket().ping(as_bytes("late"), -1ms);
            })
            .on_close([this](connection&, const close_info& info) {
              ended.put({.why = info.why, .code = info.code});
            });
        s.endpoint("/parts", speaks::raw)
            .on_message_part([](connection& c, const message_part& part) {
              c.send_text(std::to_string(part.bytes.size()) + (part.is_text ? " text" : " binary")
                          + (part.is_first ? " first" : "") + (part.is_last ? " last" : ""));
            });
        s.endpoint("/joined", speaks::raw)
            .on_message_part(join_messages(
                [this](connection&, byte_view bytes) { told.put(std::string{as_text(bytes)}); },
                "|"));
        s.endpoint("/timed", speaks::raw)
            .on_open([](connection& c) { c.websocket().read_timeout(150ms); })
            .on_message([](connection& c, byte_view bytes, bool) {
              c.websocket().read_limit(bytes.size());
            });
      }};
};

} // namespace

TEST_CASE("gorilla C1: handlers get the payload of pings and pongs and answer themselves",
          "[integration][gorilla]") {
  frames_fixture fixture;
  ws_client client{fixture.server.port(), "/frames"};
  client.send(client_frame(fin | ping, "a") + client_frame(fin | pong, "b"));
  const auto answer = client.next_frame();
  REQUIRE(answer);
  CHECK(answer->first_byte == (fin | pong));
  CHECK(answer->payload == "custom");
  CHECK(fixture.told.take() == "ping a");
  CHECK(fixture.told.take() == "pong b");
}

TEST_CASE("gorilla C1: a handler that fails ends the connection", "[integration][gorilla]") {
  frames_fixture fixture;
  ws_client client{fixture.server.port(), "/frames"};
  client.send(client_frame(fin | ping, "fail") + client_frame(fin | text, "ignored"));
  CHECK(client.wait_close().code == 1011);
  client.send_close(1011);
  CHECK(client.wait_end());
  CHECK(serves(fixture.server));
}

TEST_CASE("gorilla C1: a close handler answers in its own way", "[integration][gorilla]") {
  frames_fixture fixture;
  ws_client client{fixture.server.port(), "/frames"};
  SECTION("with a code of its own") {
    client.send_close(1000, "now");
    CHECK(client.next_message() == "bye now");
    const auto close = client.wait_close();
    CHECK(close.code == 4001);
    CHECK(close.reason == "answered");
    CHECK(client.wait_end());
    CHECK(fixture.ended.take().code == 1000);
  }
  SECTION("without a close frame") {
    client.send_close(4000, "now");
    CHECK(client.next_message() == "bye now");
    CHECK(client.wait_close().code == 0);
    CHECK(fixture.ended.take().code == 4000);
  }
}

TEST_CASE("gorilla W4: control frames are sent, late ones are not", "[integration][gorilla]") {
  frames_fixture fixture;
  ws_client client{fixture.server.port(), "/frames"};
  client.send_text("ping me");
  const auto first = client.next_frame();
  REQUIRE(first);
  CHECK(first->first_byte == (fin | ping));
  CHECK(first->payload == "there?");
  client.send_close(1000);
  CHECK(client.next_message() == "bye ");
}

TEST_CASE("gorilla R1: an endpoint takes messages in parts", "[integration][gorilla]") {
  frames_fixture fixture;
  ws_client client{fixture.server.port(), "/parts"};
  client.send_text("whole");
  CHECK(client.next_message() == "5 text first last");
  client.send(client_frame(binary, "begin"));
  CHECK(client.next_message() == "5 binary first");
  client.send(client_frame(fin | ping, "") + client_frame(fin, "end"));
  CHECK(client.next_frame()->first_byte == (fin | pong));
  CHECK(client.next_message() == "3 binary last");
}

TEST_CASE("gorilla R1: protocols with messages of their own are not read in parts",
          "[integration][gorilla]") {
  const auto start = [](speaks protocols) {
    const running_server server{
        quick_config(), [protocols](troupe::server& s) {
          s.endpoint("/x", protocols).on_message_part([](connection&, const message_part&) {});
        }};
  };
  CHECK_NOTHROW(start(speaks::raw));
  CHECK_THROWS_AS(start(speaks::native), std::runtime_error);
}

TEST_CASE("gorilla R4: messages can be joined to one stream", "[integration][gorilla]") {
  frames_fixture fixture;
  ws_client client{fixture.server.port(), "/joined"};
  client.send_text("one");
  client.send_text("");
  client.send_text("two");
  std::string all;
  while (all.size() < 9)
    all += fixture.told.take();
  CHECK(all == "one||two|");
}

TEST_CASE("gorilla R6: a client that sends nothing in time is closed", "[integration][gorilla]") {
  frames_fixture fixture;
  const auto before = std::chrono::steady_clock::now();
  ws_client client{fixture.server.port(), "/timed"};
  CHECK(client.wait_close().code == 1008);
  CHECK(std::chrono::steady_clock::now() - before > 100ms);
}

TEST_CASE("gorilla R5: the read limit of a connection can be changed", "[integration][gorilla]") {
  frames_fixture fixture;
  ws_client client{fixture.server.port(), "/timed"};
  client.send_text("123");
  client.send_text("123");
  client.send_text("1234");
  CHECK(client.wait_close().code == 1009);
}

TEST_CASE("gorilla R10: a stream cut anywhere is abnormal and never a short message",
          "[integration][gorilla]") {
  frames_fixture fixture;
  const auto message = client_frame(text, "one") + client_frame(fin, "two");
  const auto cut = GENERATE_COPY(range(std::size_t{0}, message.size()));
  ws_client client{fixture.server.port(), "/frames"};
  client.send(message.substr(0, cut));
  client.socket().close();
  const auto info = fixture.ended.take();
  CHECK(info.why == errc::connection_lost);
  CHECK(is_close_error(info, {close_code::abnormal}));
}

TEST_CASE("gorilla C8: predicates tell expected ends from others", "[integration][gorilla]") {
  const close_info left{.why = errc::ok, .code = 1001};
  CHECK(is_close_error(left, {close_code::normal, close_code::going_away}));
  CHECK_FALSE(is_close_error(left, {close_code::normal}));
  CHECK(is_unexpected_close_error(left, {close_code::normal}));
  CHECK_FALSE(is_unexpected_close_error(left, {close_code::going_away}));
  const close_info faulty{.why = errc::protocol_error, .code = 1002};
  CHECK_FALSE(is_close_error(faulty, {close_code::protocol_error}));
  CHECK_FALSE(is_unexpected_close_error(faulty, {}));
}

} // namespace troupe::test
