#include "tests/support/catch.hpp"
#include "tests/support/websocket_pair.hpp"
#include "tests/support/ws_frames.hpp"

#include <chrono>
#include <thread>

using namespace troupe;
using namespace std::chrono_literals;
using test::fin;
using test::read_text;
using test::websocket_pair;

namespace {

constexpr std::size_t lengths[]{0,   1,   2,   124,  125,   126,   127,   128,
                                129, 255, 256, 4096, 65534, 65535, 65536, 65537};

std::string content_of(std::size_t length) {
  std::string content(length, '\0');
  for (std::size_t i = 0; i != length; ++i)
    content[i] = static_cast<char>('a' + i % 23);
  return content;
}

/// Reads with a buffer of `step` bytes; the last line is how it ended.
std::string read_in_steps(message_reader& from, std::size_t step) {
  std::string all;
  std::vector<std::byte> buffer(step);
  for (;;) {
    const auto got = from.read(buffer);
    if (!got)
      return all + "|" + test::describe(got.error());
    if (*got == 0)
      return all;
    all += as_text(byte_view{buffer}.first(*got));
  }
}

websocket::time_point in(std::chrono::milliseconds wait) {
  return std::chrono::steady_clock::now() + wait;
}

} // namespace

TEST_CASE("websocket: messages of every kind of length are read (gorilla R2)", "[net][websocket]") {
  for (const auto length : lengths) {
    CAPTURE(length);
    websocket_pair pair;
    const auto content = content_of(length);
    std::thread server{[&] { pair.send_frame(fin | test::binary, content); }};
    const auto got = pair.client.read_message();
    server.join();
    REQUIRE(got);
    CHECK(got->type == message_type::binary);
    CHECK(got->text() == content);
  }
}

TEST_CASE("websocket: a message is read as a stream (gorilla R1)", "[net][websocket]") {
  websocket_pair pair;
  pair.send_frame(test::text, "one ");
  pair.send_frame(fin | test::ping, "between");
  pair.send_frame(test::continuation, "");
  pair.send_frame(fin | test::continuation, "message");
  auto reader = pair.client.next_reader();
  REQUIRE(reader);
  CHECK(reader->type() == message_type::text);
  CHECK(read_in_steps(*reader, 3) == "one message");
  CHECK(read_in_steps(*reader, 3).empty());
  CHECK(pair.heard() == std::vector<std::string>{"pong between"});
}

TEST_CASE("websocket: a stream begins before its message is complete (gorilla R1)",
          "[net][websocket]") {
  websocket_pair pair;
  pair.send_frame(test::binary, "begin");
  auto reader = pair.client.next_reader();
  REQUIRE(reader);
  std::array<std::byte, 64> buffer{};
  CHECK(*reader->read(buffer) == 5);
  pair.send_frame(fin | test::continuation, "end");
  CHECK(reader->read_all()->text() == "end");
}

TEST_CASE("websocket: the unread rest of a message is skipped (gorilla R1)", "[net][websocket]") {
  websocket_pair pair;
  pair.send_frame(test::text, "skipped");
  pair.send_frame(fin | test::continuation, "skipped too");
  pair.send_frame(fin | test::text, "second");
  auto first = pair.client.next_reader();
  REQUIRE(first);
  std::array<std::byte, 2> two{};
  CHECK(*first->read(two) == 2);
  auto second = pair.client.next_reader();
  REQUIRE(second);
  CHECK(*first->read(two) == 0);
  CHECK(first->read_all()->bytes.empty());
  CHECK(read_in_steps(*second, 100) == "second");
}

TEST_CASE("websocket: messages larger than the buffer are read (gorilla D5)", "[net][websocket]") {
  websocket_pair pair{{.read_buffer_bytes = 1}};
  const auto content = content_of(10'000);
  pair.send_frame(fin | test::text, content);
  CHECK(read_text(pair.client) == "text " + content);
}

TEST_CASE("websocket: what came with the handshake is read first (gorilla D9)",
          "[net][websocket]") {
  const auto early = test::server_frame(fin | test::text, "early") + '\x81';
  const auto bytes = as_bytes(early);
  websocket_pair pair{{.input = {bytes.begin(), bytes.end()}}};
  pair.send("\x04late");
  CHECK(read_text(pair.client) == "text early");
  CHECK(read_text(pair.client) == "text late");
}

TEST_CASE("websocket: a stream cut anywhere is never a short message (gorilla R10)",
          "[net][websocket]") {
  const auto whole = test::server_frame(test::text, std::string(130, 'x'))
                     + test::server_frame(fin | test::ping, "p")
                     + test::server_frame(fin | test::continuation, "end");
  for (std::size_t cut = 0; cut != whole.size(); ++cut) {
    CAPTURE(cut);
    websocket_pair pair;
    pair.send(std::string_view{whole}.substr(0, cut));
    pair.hang_up();
    const auto got = pair.client.read_message();
    REQUIRE_FALSE(got);
    CHECK(got.error().code == errc::connection_lost);
    CHECK(is_close_error(got.error(), {close_code::abnormal}));
  }
}

TEST_CASE("websocket: a close between fragments ends the message (gorilla R1)",
          "[net][websocket]") {
  websocket_pair pair;
  pair.send_frame(test::text, "begin");
  pair.send_frame(fin | test::closing, test::close_payload(1001, "bye"));
  auto reader = pair.client.next_reader();
  REQUIRE(reader);
  CHECK(read_in_steps(*reader, 100) == "begin|error 25 1001 bye");
  CHECK(read_in_steps(*reader, 100) == "|error 25 1001 bye");
  CHECK(read_text(pair.client) == "error 25 1001 bye");
}

TEST_CASE("websocket: the read limit is exact (gorilla R5)", "[net][websocket]") {
  for (const std::size_t limit : {std::size_t{1}, std::size_t{100}, std::size_t{5000}}) {
    websocket_pair pair{{.message_bytes = limit}};
    pair.send_frame(test::binary, std::string(limit - 1, 'x'));
    pair.send_frame(fin | test::pong, std::string(125, 'p'));
    pair.send_frame(fin | test::continuation, "x");
    pair.send_frame(test::binary, std::string(limit, 'x'));
    pair.send_frame(fin | test::continuation, "x");
    CHECK(read_text(pair.client).size() == limit + 7);
    CHECK(pair.client.read_message().error().code == errc::message_too_big);
    CHECK(pair.heard() == std::vector<std::string>{"close 1009 "});
  }
}

TEST_CASE("websocket: no length can wrap the counter of the limit (gorilla R5)",
          "[net][websocket]") {
  websocket_pair pair{{.message_bytes = 10}};
  pair.send_frame(test::binary, "0123456789");
  pair.send(std::string{"\x80\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10});
  CHECK(pair.client.read_message().error().code == errc::message_too_big);
  websocket_pair negative;
  negative.client.set_read_limit(0);
  negative.send(std::string{"\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10});
  CHECK(negative.client.read_message().error().code == errc::protocol_error);
}

TEST_CASE("websocket: reading gives up at its deadline, for ever (gorilla R6)",
          "[net][websocket]") {
  websocket_pair pair;
  pair.client.set_read_deadline(in(20ms));
  CHECK(pair.client.read_message().error().code == errc::timed_out);
  pair.client.set_read_deadline({});
  pair.send_frame(fin | test::text, "late");
  CHECK(pair.client.read_message().error().code == errc::timed_out);
}

TEST_CASE("websocket: a deadline can be moved while a read waits (gorilla R6)",
          "[net][websocket]") {
  websocket_pair pair;
  std::thread other{[&] { pair.client.set_read_deadline(in(-1ms)); }};
  CHECK(pair.client.read_message().error().code == errc::timed_out);
  other.join();
}

TEST_CASE("websocket: what breaks RFC 6455 is answered by a close (gorilla R7, R8)",
          "[net][websocket]") {
  const auto [first_byte, payload] = GENERATE(table<int, std::string>({
      {0xC1, "rsv1"},                    // not compressed
      {0xA1, "rsv2"},                    //
      {0x91, "rsv3"},                    //
      {0x83, "opcode"},                  //
      {0x80, "nothing to continue"},     //
      {0x09, "a fragmented ping"},       //
      {0x89, std::string(126, 'x')},     //
      {0x88, "x"},                       // half a close code
      {0x88, test::close_payload(1005)}, //
      {0x88, test::close_payload(999)},  //
      {0x88, test::close_payload(5000)}, //
  }));
  websocket_pair pair;
  pair.send_frame(first_byte, payload);
  pair.send_frame(fin | test::text, "behind it");
  for (int i = 0; i != 3; ++i)
    CHECK(pair.client.read_message().error().code == errc::protocol_error);
  const auto heard = pair.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].starts_with("close 1002 "));
}

TEST_CASE("websocket: a masked frame of a server is refused (gorilla R8)", "[net][websocket]") {
  websocket_pair pair;
  pair.send(test::client_frame(fin | test::text, "masked"));
  CHECK(pair.client.read_message().error().code == errc::protocol_error);
}

TEST_CASE("websocket: text must be UTF-8 (gorilla R9)", "[net][websocket]") {
  websocket_pair pair;
  pair.send_frame(test::text, "caf\xC3");
  pair.send_frame(fin | test::continuation, "\xA9");
  pair.send_frame(fin | test::text, "\xFF");
  CHECK(read_text(pair.client) == "text caf\xC3\xA9");
  CHECK(pair.client.read_message().error().code == errc::invalid_utf8);
  CHECK(pair.heard()[0].starts_with("close 1007 "));
}

TEST_CASE("websocket: an unfinished character is no text (gorilla R9)", "[net][websocket]") {
  websocket_pair pair;
  pair.send_frame(test::text, "caf");
  pair.send_frame(fin | test::continuation, "\xC3");
  CHECK(pair.client.read_message().error().code == errc::invalid_utf8);
}
