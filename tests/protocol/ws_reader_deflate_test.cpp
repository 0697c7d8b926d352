#include "protocol/deflate.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ws_frames.hpp"
#include "tests/support/ws_recorder.hpp"

#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::protocol;
using namespace troupe::test;

using lines = std::vector<std::string>;

static const std::string deflated_hello{"\xF2\x48\xCD\xC9\xC9\x07\x00", 7};

/// The payload that a deflating client sends for `message`.
static std::string deflated(std::string_view message) {
  deflater deflate;
  const auto frame = deflate.make_frame(opcode::binary, as_bytes(message));
  const auto bytes = as_text(frame->bytes());
  const auto length = static_cast<unsigned char>(bytes[1]);
  return std::string{bytes.substr(length < 126 ? 2 : 4)};
}

static ws_outcome read_deflated(std::string_view stream, std::size_t limit = 65536) {
  static inflater inflate;
  return read_stream(
      stream, {},
      {.limits = {.max_message_bytes = limit}, .inflate = &inflate, .notes_frames = false});
}

TEST_CASE("ws_reader: compressed messages are inflated", "[protocol][ws_reader][deflate]") {
  const auto outcome = read_deflated(client_frame(fin | rsv1 | text, deflated_hello)
                                     + client_frame(fin | text, "plain")
                                     + client_frame(fin | rsv1 | binary, deflated_hello));
  CHECK(outcome.events == lines{"text Hello", "text plain", "binary Hello"});
  CHECK(outcome.is_idle);
}

TEST_CASE("ws_reader: RSV1 marks the first fragment only", "[protocol][ws_reader][deflate]") {
  const auto begin = client_frame(rsv1 | text, deflated_hello.substr(0, 3));
  const auto rest = deflated_hello.substr(3);
  CHECK(read_deflated(begin + client_frame(fin | ping, "") + client_frame(fin, rest)).events
        == lines{"ping ", "text Hello"});
  CHECK(read_deflated(begin + client_frame(fin | rsv1, rest)).error == errc::protocol_error);
  CHECK(read_deflated(client_frame(text, "a") + client_frame(fin | rsv1, "b")).error
        == errc::protocol_error);
  CHECK(read_deflated(client_frame(fin | rsv1 | ping, "")).error == errc::protocol_error);
}

TEST_CASE("ws_reader: RSV1 is refused when compression was not negotiated",
          "[protocol][ws_reader][deflate]") {
  const auto outcome = read_stream(client_frame(fin | rsv1 | text, deflated_hello));
  CHECK(outcome.error == errc::protocol_error);
  CHECK(outcome.events.empty());
}

TEST_CASE("ws_reader: an empty compressed message is empty", "[protocol][ws_reader][deflate]") {
  CHECK(read_deflated(client_frame(fin | rsv1 | text, {"\x00", 1})).events == lines{"text "});
}

TEST_CASE("ws_reader: compressed text is checked after inflation",
          "[protocol][ws_reader][deflate]") {
  const auto bad = deflated("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
  CHECK(read_deflated(client_frame(fin | rsv1 | text, bad)).error == errc::invalid_utf8);
  CHECK(read_deflated(client_frame(fin | rsv1 | binary, bad)).error == errc::ok);
  const auto halves =
      client_frame(rsv1 | text, bad.substr(0, 1)) + client_frame(fin, bad.substr(1));
  CHECK(read_deflated(halves).error == errc::invalid_utf8);
}

TEST_CASE("ws_reader: the limit is on inflated bytes", "[protocol][ws_reader][deflate]") {
  const auto frame = client_frame(fin | rsv1 | binary, deflated(std::string(5000, 'x')));
  CHECK(read_deflated(frame, 5000).events == lines{"binary " + std::string(5000, 'x')});
  CHECK(read_deflated(frame, 4999).error == errc::message_too_big);
}

TEST_CASE("ws_reader: a compressed message may be a little larger on the wire, not much",
          "[protocol][ws_reader][deflate]") {
  const std::string payload(1000, 'x');
  const std::string stored =
      std::string{"\x00\xE8\x03\x17\xFC", 5} + payload + std::string(1, '\0');
  CHECK(read_deflated(client_frame(fin | rsv1 | binary, stored), 1000).events
        == lines{"binary " + payload});
  const auto declare = [](std::uint64_t length) {
    return read_deflated(encode({.first_byte = fin | rsv1 | binary, .declared_length = length}),
                         1000)
        .error;
  };
  CHECK(declare(1000 + 1000 / 8 + 64) == errc::ok);
  CHECK(declare(1000 + 1000 / 8 + 65) == errc::message_too_big);
  CHECK(declare(std::uint64_t{1} << 62) == errc::message_too_big);
}

TEST_CASE("ws_reader: data that does not inflate is a protocol error",
          "[protocol][ws_reader][deflate]") {
  CHECK(read_deflated(client_frame(fin | rsv1 | text, "\xFF\xFF\xFF")).error
        == errc::protocol_error);
  CHECK(read_deflated(client_frame(fin | rsv1 | text, deflated_hello.substr(0, 4))).error
        == errc::protocol_error);
}
