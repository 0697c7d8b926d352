#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/ws_client.hpp"
#include "tests/support/catch.hpp"

#include <string>

namespace troupe::test {

namespace {

struct row {
  std::string what;
  std::string bytes;
  int code;
};

std::string frame(int first_byte, std::string payload) {
  return client_frame(first_byte, payload);
}

std::string close_with(int code, std::string_view reason = {}) {
  return client_frame(fin | closing, close_payload(code, reason));
}

} // namespace

TEST_CASE("frames: what RFC 6455 forbids ends with the right close code", "[integration][frames]") {
  const running_server server; // not static: CAF must not end after main
  const auto wrong = GENERATE(
      row{"not masked", encode({.is_masked = false}), 1002},
      row{"RSV1 without an extension", frame(fin | binary | rsv1, "x"), 1002},
      row{"RSV2", frame(fin | binary | rsv2, "x"), 1002},
      row{"RSV3", frame(fin | binary | rsv3, "x"), 1002},
      row{"reserved data opcode", frame(fin | 0x3, "x"), 1002},
      row{"reserved control opcode", frame(fin | 0xB, "x"), 1002},
      row{"length in 2 bytes without need", encode({.payload = "x", .length_bytes = 2}), 1002},
      row{"length in 8 bytes without need", encode({.payload = "x", .length_bytes = 8}), 1002},
      row{"fragmented ping", frame(ping, "x"), 1002},
      row{"ping of 126 bytes", frame(fin | ping, std::string(126, 'x')), 1002},
      row{"continuation of nothing", frame(fin | continuation, "x"), 1002},
      row{"new message inside a message", frame(text, "x") + frame(fin | text, "y"), 1002},
      row{"bad UTF-8", frame(fin | text, "\xC0\xAF"), 1007},
      row{"bad UTF-8 in a message that goes on", frame(text, "x\xFF"), 1007},
      row{"surrogate", frame(fin | text, "\xED\xA0\x80"), 1007},
      row{"character cut off at the end", frame(fin | text, "\xE2\x82"), 1007},
      row{"character cut by fragments, then wrong",
          frame(text, "\xE2") + frame(fin | continuation, "x"), 1007},
      row{"close of one byte", frame(fin | closing, "\x03"), 1002},
      row{"close 999", close_with(999), 1002}, row{"close 1004", close_with(1004), 1002},
      row{"close 1005", close_with(1005), 1002}, row{"close 1006", close_with(1006), 1002},
      row{"close 1015", close_with(1015), 1002}, row{"close 5000", close_with(5000), 1002},
      row{"close with a bad reason", close_with(1000, "\xFF"), 1007},
      row{"close of 126 bytes", close_with(1000, std::string(124, 'x')), 1002});
  CAPTURE(wrong.what);
  ws_client client{server.port(), "/raw"};
  client.send(wrong.bytes);
  const auto got = client.wait_close().code;
  if (wrong.what == "close with a bad reason")
    CHECK((got == 1002 || got == 1007));
  else
    CHECK(got == wrong.code);
  CHECK(client.wait_end());
  CHECK(serves(server));
}

TEST_CASE("frames: bad UTF-8 fails before its frame is complete", "[integration][frames]") {
  const running_server server;
  ws_client client{server.port(), "/raw"};
  client.send(encode({.first_byte = text, .payload = "abc\xFFgh", .declared_length = 1'000}));
  CHECK(client.wait_close().code == 1007);
}

TEST_CASE("frames: what RFC 6455 allows is echoed", "[integration][frames]") {
  const running_server server; // not static: CAF must not end after main
  const auto right = GENERATE(
      row{"", frame(fin | text, ""), 0}, row{"binary", frame(fin | binary, "binary"), 0},
      row{"\xE2\x82\xAC",
          frame(text, "\xE2") + frame(continuation, "\x82") + frame(fin | continuation, "\xAC"), 0},
      row{"a+b", frame(text, "a") + frame(fin | ping, "p") + frame(fin | continuation, "+b"), 0},
      row{std::string(125, 'a'), frame(fin | text, std::string(125, 'a')), 0},
      row{std::string(126, 'b'), frame(fin | text, std::string(126, 'b')), 0},
      row{std::string(65'535, 'c'), frame(fin | text, std::string(65'535, 'c')), 0},
      row{std::string(65'536, 'd'), frame(fin | text, std::string(65'536, 'd')), 0});
  ws_client client{server.port(), "/raw"};
  SECTION("sent at once") {
    client.send(right.bytes);
    CHECK(client.next_message() == right.what);
  }
  SECTION("with the first bytes on their own") {
    for (std::size_t i = 0; i < 12 && i < right.bytes.size(); ++i)
      client.send(right.bytes.substr(i, 1));
    if (right.bytes.size() > 12)
      client.send(right.bytes.substr(12));
    CHECK(client.next_message() == right.what);
  }
}

TEST_CASE("frames: a ping inside a message is answered before the message",
          "[integration][frames]") {
  const running_server server;
  ws_client client{server.port(), "/raw"};
  client.send(frame(text, "a") + frame(fin | ping, "mid") + frame(fin | continuation, "b"));
  const auto first = client.next_frame();
  REQUIRE(first);
  CHECK(first->opcode() == pong);
  CHECK(first->payload == "mid");
  CHECK(client.next_message() == "ab");
}

TEST_CASE("frames: connections that vanish leave the server well", "[integration][frames]") {
  const running_server server;
  for (int i = 0; i < 20; ++i) {
    ws_client in_frame{server.port(), "/raw"};
    in_frame.send(frame(fin | text, "half a frame").substr(0, 9));
    ws_client in_close{server.port(), "/raw"};
    in_close.send_close(1000);
    tcp_client in_head{server.port()};
    in_head.send("GET / HT");
    in_frame.socket().reset();
    in_close.socket().reset();
    in_head.reset();
  }
  CHECK(serves(server));
}

} // namespace troupe::test
