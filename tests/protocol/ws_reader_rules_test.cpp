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

static bool is_refused(const raw_frame& frame, ws_role role = ws_role::server) {
  const auto outcome = read_quietly(encode(frame), {.role = role});
  CHECK(outcome.events.empty());
  CHECK(outcome.is_idle);
  return outcome.error == errc::protocol_error;
}

TEST_CASE("ws_reader: the mask must fit the direction", "[protocol][ws_reader]") {
  for (const std::uint8_t op : {text, binary, ping, pong, closing}) {
    const auto first = static_cast<std::uint8_t>(fin | op);
    CHECK(is_refused({.first_byte = first, .is_masked = false}));
    CHECK(is_refused({.first_byte = first, .is_masked = true}, ws_role::client));
  }
}

TEST_CASE("ws_reader: reserved bits are refused", "[protocol][ws_reader]") {
  for (const std::uint8_t op : {continuation, text, binary, ping, pong, closing}) {
    for (const std::uint8_t bit : {rsv1, rsv2, rsv3})
      CHECK(is_refused({.first_byte = static_cast<std::uint8_t>(fin | op | bit)}));
  }
}

TEST_CASE("ws_reader: unknown opcodes are refused", "[protocol][ws_reader]") {
  for (const int op : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    CHECK(is_refused({.first_byte = static_cast<std::uint8_t>(fin | op)}));
}

TEST_CASE("ws_reader: lengths must be minimal", "[protocol][ws_reader]") {
  for (const std::size_t size : {0U, 1U, 125U})
    CHECK(is_refused({.payload = std::string(size, 'x'), .length_bytes = 2}));
  for (const std::size_t size : {0U, 1U, 125U, 126U, 65535U})
    CHECK(is_refused({.payload = std::string(size, 'x'), .length_bytes = 8}));
}

TEST_CASE("ws_reader: a 64-bit length must not have its first bit set", "[protocol][ws_reader]") {
  CHECK(is_refused({.length_bytes = 8, .declared_length = std::uint64_t{1} << 63}));
  CHECK(is_refused({.length_bytes = 8, .declared_length = UINT64_MAX - 1}));
}

TEST_CASE("ws_reader: control frames are whole and short", "[protocol][ws_reader]") {
  for (const std::uint8_t op : {ping, pong, closing}) {
    CHECK(is_refused({.first_byte = op}));
    const auto first = static_cast<std::uint8_t>(fin | op);
    CHECK(is_refused({.first_byte = first, .payload = std::string(126, 'x')}));
    CHECK(is_refused({.first_byte = first, .payload = std::string(70000, 'x')}));
    CHECK(is_refused({.first_byte = first, .payload = "x", .length_bytes = 2}));
  }
  const std::string longest(125, 'x');
  CHECK(read_quietly(client_frame(fin | ping, longest)).events == lines{"ping " + longest});
}

TEST_CASE("ws_reader: a continuation needs a message to continue", "[protocol][ws_reader]") {
  CHECK(is_refused({.first_byte = continuation}));
  CHECK(is_refused({.first_byte = fin | continuation}));
  const auto behind = read_quietly(client_frame(fin | text, "a") + client_frame(fin, "b"));
  CHECK(behind.error == errc::protocol_error);
  CHECK(behind.events == lines{"text a"});
}

TEST_CASE("ws_reader: a message must end before the next begins", "[protocol][ws_reader]") {
  for (const int first : {+text, +binary, fin | text, fin | binary}) {
    const auto outcome = read_quietly(client_frame(text, "a") + client_frame(first, "b"));
    CHECK(outcome.error == errc::protocol_error);
    CHECK(outcome.events.empty());
  }
}

TEST_CASE("ws_reader: header violations are seen at their first byte", "[protocol][ws_reader]") {
  CHECK(read_quietly("\x83").error == errc::protocol_error);
  CHECK(read_quietly("\x09").error == errc::protocol_error);
  CHECK(read_quietly("\xC9").error == errc::protocol_error);
  CHECK(read_quietly("\x82\x05").error == errc::protocol_error);
  CHECK(read_quietly("\x89\xFE").error == errc::protocol_error);
  CHECK(read_quietly(std::string_view{"\x82\xFE\x00\x7D", 4}).error == errc::protocol_error);
}

TEST_CASE("ws_reader: close codes are checked", "[protocol][ws_reader]") {
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    const auto outcome = read_quietly(client_frame(fin | closing, close_payload(code)));
    CHECK(outcome.error == errc::protocol_error);
    CHECK(outcome.events.empty());
  }
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999}) {
    const auto outcome = read_quietly(client_frame(fin | closing, close_payload(code, "bye")));
    CHECK(outcome.error == errc::ok);
    CHECK(outcome.is_finished);
    CHECK(outcome.events == lines{"close " + std::to_string(code) + " bye"});
  }
}

TEST_CASE("ws_reader: close payloads are checked", "[protocol][ws_reader]") {
  CHECK(read_quietly(client_frame(fin | closing, "")).events == lines{"close 1005 "});
  CHECK(read_quietly(client_frame(fin | closing, "\x0F")).error == errc::protocol_error);
  const auto bad_reason = client_frame(fin | closing, close_payload(1000, "\xC3"));
  CHECK(read_quietly(bad_reason).error == errc::protocol_error);
  const std::string longest(123, 'x');
  CHECK(read_quietly(client_frame(fin | closing, close_payload(1000, longest))).events
        == lines{"close 1000 " + longest});
}

TEST_CASE("ws_reader: nothing is read behind a close frame", "[protocol][ws_reader]") {
  auto stream = client_frame(text, "unfinished") + client_frame(fin | closing, "");
  const auto end = stream.size();
  stream += client_frame(fin, "more") + client_frame(fin | closing, "");
  ws_reader reader{ws_role::server};
  ws_recorder recorder;
  const auto input = std::as_writable_bytes(std::span{stream});
  const auto done = reader.feed(input, recorder, ws_limits{});
  CHECK(done.consumed == end);
  CHECK(done.error == errc::ok);
  CHECK(reader.is_finished());
  CHECK(reader.is_idle());
  CHECK(reader.feed(input.subspan(end), recorder, ws_limits{}).consumed == 0);
  CHECK(recorder.events == lines{"close 1005 "});
}
