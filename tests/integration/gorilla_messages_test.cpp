#include "troupe/json_messages.hpp"
#include "troupe/prepared_message.hpp"
#include "troupe/websocket_hooks.hpp"

#include "protocol/deflate.hpp"
#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"

#include <map>
#include <vector>

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
const std::string long_text(1'000, 'z');

config compressing() {
  auto settings = quick_config();
  settings.compression = true;
  return settings;
}

std::string inflated(std::string_view payload) {
  protocol::inflater inflater;
  std::vector<std::byte> out;
  CHECK(inflater.inflate(as_bytes(payload), 1'000'000, out) == errc::ok);
  return std::string{as_text(out)};
}

/// What "/write" does when it is told a word.
void write_as_told(connection& c, std::string_view word) {
  static const auto prepared = prepared_message::text(long_text);
  if (word == "plain")
    c.websocket().compress({.enabled = false});
  else if (word == "fast")
    c.websocket().compress({.level = compression::fastest});
  else if (word == "wrong")
    c.websocket().compress({.level = 10});
  else if (word == "send")
    c.send_text(long_text);
  else if (word == "once plain")
    c.websocket().send_text(long_text, {.enabled = false});
  else if (word == "prepared")
    c.websocket().send(prepared);
  else if (word == "where")
    c.send_text(c.websocket().local_address().address + " "
                + std::to_string(c.websocket().local_address().port));
  else if (word == "drop")
    c.websocket().hang_up();
  else if (word == "pieces") {
    auto message = c.websocket().begin_text();
    message.write("one ");
    c.send_text("behind");
    c.websocket().ping();
    message.write("two ");
    message.finish("three");
    CHECK(message.write("four") == verdict::closed);
  }
}

void add_writer(server& to) {
  to.endpoint("/write", speaks::raw).on_message([](connection& c, byte_view bytes, bool) {
    write_as_told(c, as_text(bytes));
  });
}

server_frame asked(ws_client& client, std::string_view word) {
  client.send_text(word);
  return client.next_frame().value_or(server_frame{});
}

/// Writes `total` bytes to a client in pieces, as fast as it reads.
struct long_message {
  std::size_t left = 0;
  fragment_writer to;

  void go_on() {
    static const std::string piece(10'000, 'x');
    while (left != 0 && to.write(piece) == verdict::queued)
      left -= piece.size();
    if (left == 0)
      to.finish();
  }
};

} // namespace

TEST_CASE("gorilla C3: send_text compresses where that was agreed, unless it is switched off",
          "[integration][gorilla]") {
  const running_server server{compressing(), add_writer};
  ws_client client{server.port(), "/write", offer};
  const auto packed = asked(client, "send");
  CHECK(packed.first_byte == (fin | rsv1 | text));
  CHECK(inflated(packed.payload) == long_text);
  CHECK(asked(client, "once plain").first_byte == (fin | text));
  CHECK(asked(client, "send").first_byte == (fin | rsv1 | text));
  client.send_text("plain");
  CHECK(asked(client, "send").payload == long_text);
  client.send_text("fast");
  CHECK(inflated(asked(client, "send").payload) == long_text);
  ws_client other{server.port(), "/write"};
  CHECK(asked(other, "send").payload == long_text);
}

TEST_CASE("gorilla C4: a level that does not exist is the application's mistake",
          "[integration][gorilla]") {
  const running_server server{compressing(), add_writer};
  ws_client client{server.port(), "/write", offer};
  client.send_text("wrong");
  CHECK(inflated(asked(client, "send").payload) == long_text);
}

TEST_CASE("gorilla W5: a prepared message suits every client", "[integration][gorilla]") {
  const running_server server{compressing(), add_writer};
  ws_client packed{server.port(), "/write", offer};
  ws_client plain{server.port(), "/write"};
  CHECK(inflated(asked(packed, "prepared").payload) == long_text);
  CHECK(asked(plain, "prepared").payload == long_text);
  CHECK(asked(packed, "prepared").payload == asked(packed, "send").payload);
}

TEST_CASE("gorilla W1: a message in pieces, others behind it, a ping in between",
          "[integration][gorilla]") {
  const running_server server{quick_config(), add_writer};
  ws_client client{server.port(), "/write"};
  const auto next = [&client] {
    const auto frame = client.next_frame().value_or(server_frame{});
    return std::pair{int{frame.first_byte}, frame.payload};
  };
  client.send_text("pieces");
  CHECK(next() == std::pair{int{text}, std::string{"one "}});
  CHECK(next() == std::pair{fin | ping, std::string{}});
  CHECK(next() == std::pair{0, std::string{"two "}});
  CHECK(next() == std::pair{int{fin}, std::string{"three"}});
  CHECK(next() == std::pair{fin | text, std::string{"behind"}});
}

TEST_CASE("gorilla W1: a message far larger than the outbox reaches a slow client",
          "[integration][gorilla]") {
  constexpr std::size_t total = 20'000'000;
  const running_server server{quick_config(), [](troupe::server& s) {
                                s.endpoint("/long", speaks::raw)
                                    .on_open([](connection& c) {
                                      auto& job = c.value<long_message>();
                                      job = {total, c.websocket().begin_binary()};
                                      job.go_on();
                                    })
                                    .on_drained(
                                        [](connection& c) { c.value<long_message>().go_on(); });
                              }};
  ws_client client{server.port(), "/long"};
  std::size_t received = 0;
  bool is_last = false;
  while (!is_last) {
    const auto frame = client.next_frame();
    REQUIRE(frame);
    received += frame->payload.size();
    is_last = (frame->first_byte & fin) != 0;
  }
  CHECK(received == total);
}

TEST_CASE("gorilla C5: a connection knows its own end", "[integration][gorilla]") {
  const running_server server{quick_config(), add_writer};
  ws_client client{server.port(), "/write"};
  CHECK(asked(client, "where").payload == "127.0.0.1 " + std::to_string(server.port()));
}

TEST_CASE("gorilla C6: hanging up drops the connection without a close frame",
          "[integration][gorilla]") {
  const running_server server{quick_config(), add_writer};
  ws_client client{server.port(), "/write"};
  client.send_text("drop");
  CHECK(client.wait_close().code == 0);
  CHECK(serves(server));
}

TEST_CASE("gorilla R3, W3: messages of JSON", "[integration][gorilla]") {
  using scores = std::map<std::string, int>;
  mailbox<std::string> wrong;
  const running_server server{
      quick_config(), [&wrong](troupe::server& s) {
        s.endpoint("/json", speaks::raw).on_message(on_json<scores>([](connection& c, scores all) {
          for (auto& [name, score] : all)
            ++score;
          send_json(c, all);
        }));
        s.endpoint("/told", speaks::raw)
            .on_message(on_json<std::vector<std::string>>(
                [](connection& c, std::vector<std::string> all) { send_json(c, all.size()); },
                [&wrong](connection&, const argument_error& why) { wrong.put(why.text); }));
      }};
  ws_client client{server.port(), "/json"};
  client.send_text(R"({"ann": 1, "bob": 2})");
  client.send_binary(R"({"cat": 3})");
  CHECK(client.next_message() == R"({"ann":2,"bob":3})");
  CHECK(client.next_message() == R"({"cat":4})");
  client.send_text(GENERATE("", "{", "[1]", R"({"ann": "1"})", R"({"ann": 1} {"bob": 2})"));
  CHECK(client.wait_close().code == 1007);

  ws_client told{server.port(), "/told"};
  told.send_text("");
  told.send_text(R"(["a", "b"])");
  CHECK(told.next_message() == "2");
  CHECK_FALSE(wrong.take().empty());
}

} // namespace troupe::test
