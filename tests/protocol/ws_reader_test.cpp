#include "protocol/ws_reader.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/ws_frames.hpp"
#include "tests/support/ws_recorder.hpp"

#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::protocol;
using namespace troupe::test;

using lines = std::vector<std::string>;

static ws_outcome read_quietly(std::string_view stream, ws_setup setup = {}) {
  setup.notes_frames = false;
  return read_stream(stream, {}, setup);
}

static_assert(sizeof(ws_reader) <= 32);
static_assert(ws_handler<ws_recorder>);

TEST_CASE("ws_reader: messages of every length form come through", "[protocol][ws_reader]") {
  const auto size = GENERATE(0, 1, 7, 8, 125, 126, 127, 4096, 65535, 65536, 70000);
  const auto op = GENERATE(text, binary);
  const std::string payload(static_cast<std::size_t>(size), 'x');
  const auto outcome =
      read_quietly(client_frame(fin | op, payload), {.limits = {.max_message_bytes = 70000}});
  CHECK(outcome.error == errc::ok);
  CHECK(outcome.events == lines{(op == text ? "text " : "binary ") + payload});
  CHECK(outcome.is_idle);
}

TEST_CASE("ws_reader: a client reads unmasked frames", "[protocol][ws_reader]") {
  const auto stream = encode({.first_byte = fin | text, .payload = "hello", .is_masked = false})
                      + encode({.first_byte = text, .payload = "a", .is_masked = false})
                      + encode({.first_byte = fin, .payload = "b", .is_masked = false});
  const auto outcome = read_quietly(stream, {.role = ws_role::client});
  CHECK(outcome.events == lines{"text hello", "text ab"});
}

TEST_CASE("ws_reader: a whole message is a view into the input", "[protocol][ws_reader]") {
  auto stream = client_frame(fin | binary, "0123456789");
  ws_reader reader{ws_role::server};
  ws_recorder recorder;
  const auto input = std::as_writable_bytes(std::span{stream});
  const auto done = reader.feed(input, recorder, ws_limits{});
  CHECK(done.consumed == stream.size());
  CHECK(recorder.events == lines{"binary 0123456789"});
  CHECK(recorder.last_message_at == input.data() + 6);
}

TEST_CASE("ws_reader: a message whose header came earlier is a view into the input",
          "[protocol][ws_reader]") {
  auto stream = client_frame(fin | binary, "0123456789");
  ws_reader reader{ws_role::server};
  ws_recorder recorder;
  const auto input = std::as_writable_bytes(std::span{stream});
  reader.feed(input.first(3), recorder, ws_limits{});
  CHECK_FALSE(reader.is_idle());
  reader.feed(input.subspan(3), recorder, ws_limits{});
  CHECK(recorder.last_message_at == input.data() + 6);
  CHECK(reader.is_idle());
}

TEST_CASE("ws_reader: heap state lasts as long as something is incomplete",
          "[protocol][ws_reader]") {
  ws_reader reader{ws_role::server};
  ws_recorder recorder;
  const auto feed = [&](std::string bytes) {
    reader.feed(std::as_writable_bytes(std::span{bytes}), recorder, ws_limits{});
  };
  feed(client_frame(fin | ping, "whole"));
  CHECK(reader.is_idle());
  feed(client_frame(text, "a"));
  CHECK_FALSE(reader.is_idle());
  feed(client_frame(fin | ping, "between"));
  CHECK_FALSE(reader.is_idle());
  feed(client_frame(fin, "b"));
  CHECK(reader.is_idle());
  CHECK(recorder.events == lines{"ping whole", "ping between", "text ab"});
}

TEST_CASE("ws_reader: control frames between fragments are reported at their place",
          "[protocol][ws_reader]") {
  const auto outcome = read_quietly(client_frame(text, "one ") + client_frame(fin | ping, "p")
                                    + client_frame(continuation, "") + client_frame(fin | pong, "q")
                                    + client_frame(fin, "two") + client_frame(fin | binary, "x"));
  CHECK(outcome.events == lines{"ping p", "pong q", "text one two", "binary x"});
}

TEST_CASE("ws_reader: every frame is announced before its content, with its bytes on the wire",
          "[protocol][ws_reader]") {
  const auto outcome =
      read_stream(client_frame(text, "ab") + client_frame(fin | ping, "p")
                  + client_frame(continuation, "") + client_frame(fin, std::string(200, 'c')));
  CHECK(outcome.events
        == lines{"data 8", "control 7", "ping p", "data 6", "data 208",
                 "text ab" + std::string(200, 'c')});
}

TEST_CASE("ws_reader: an incomplete frame is announced when its header is there",
          "[protocol][ws_reader]") {
  const auto stream = client_frame(fin | binary, "0123456789").substr(0, 8);
  CHECK(read_stream(stream).events == lines{"data 16"});
}

TEST_CASE("ws_reader: a pause stops behind the frame and keeps the rest unread",
          "[protocol][ws_reader]") {
  const auto first = client_frame(fin | text, "first");
  auto stream = first + client_frame(fin | text, "second");
  const auto unread = stream.substr(first.size());
  ws_reader reader{ws_role::server};
  ws_recorder recorder;
  recorder.pause_every = GENERATE(1U, 2U); // the announcement, the message
  const auto done = reader.feed(std::as_writable_bytes(std::span{stream}), recorder, ws_limits{});
  CHECK(done.error == errc::ok);
  CHECK(done.consumed == first.size());
  CHECK(recorder.events == lines{"text first"});
  CHECK(stream.substr(first.size()) == unread);
}

TEST_CASE("ws_reader: a moved reader continues the message", "[protocol][ws_reader]") {
  auto stream = client_frame(text, "mo") + client_frame(fin, "ved");
  const auto input = std::as_writable_bytes(std::span{stream});
  ws_recorder recorder;
  ws_reader first{ws_role::server};
  first.feed(input.first(10), recorder, ws_limits{});
  ws_reader second{std::move(first)};
  second.feed(input.subspan(10), recorder, ws_limits{});
  CHECK(recorder.events == lines{"text moved"});
}

TEST_CASE("ws_reader: nothing is read behind an error, which is repeated",
          "[protocol][ws_reader]") {
  auto stream = client_frame(fin | 0x3, "") + client_frame(fin | text, "later");
  const auto input = std::as_writable_bytes(std::span{stream});
  ws_reader reader{ws_role::server};
  ws_recorder recorder;
  CHECK(reader.feed(input, recorder, ws_limits{}).error == errc::protocol_error);
  const auto again = reader.feed(input.subspan(6), recorder, ws_limits{});
  CHECK(again.error == errc::protocol_error);
  CHECK(again.consumed == 0);
  CHECK(recorder.events.empty());
}
