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

static ws_outcome read_parts(std::string_view stream, const std::vector<std::size_t>& cuts = {},
                             std::size_t limit = 65536, std::size_t fragments = 64) {
  static inflater inflate;
  return read_stream(
      stream, cuts,
      {.limits = {.max_message_bytes = limit, .max_fragments = fragments, .in_parts = true},
       .inflate = &inflate,
       .notes_frames = false});
}

/// What the parts of one message bring together; how often a part said first and last.
struct assembled {
  std::string content;
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t longest = 0;

  bool on_frame(bool, std::size_t) { return true; }
  bool on_message(opcode, std::span<std::byte> bytes) { return on_part({}, bytes, {}); }
  bool on_part(opcode, std::span<std::byte> bytes, message_place place) {
    content += as_text(bytes);
    first += place.is_first ? 1 : 0;
    last += place.is_last ? 1 : 0;
    longest = std::max(longest, bytes.size());
    return true;
  }
  bool on_ping(byte_view) { return true; }
  bool on_pong(byte_view) { return true; }
  bool on_close(std::uint16_t, std::string_view) { return true; }
};

/// `message` in compressed fragments of `size` bytes, as a client sends them.
static std::string deflated_fragments(std::string_view message, std::size_t size) {
  deflater deflate;
  std::string stream;
  for (std::size_t at = 0; at == 0 || at < message.size(); at += size) {
    const message_place place{.is_first = at == 0, .is_last = at + size >= message.size()};
    const auto frame =
        deflate.make_fragment(opcode::text, as_bytes(message.substr(at, size)), place);
    const auto bytes = as_text(frame->bytes());
    const auto length = static_cast<unsigned char>(bytes[1]);
    stream +=
        client_frame(static_cast<unsigned char>(bytes[0]), bytes.substr(length < 126    ? 2
                                                                        : length == 126 ? 4
                                                                                        : 10));
  }
  return stream;
}

TEST_CASE("gorilla R1: a message that lies whole in the input is one call",
          "[protocol][ws_reader][parts]") {
  CHECK(read_parts(client_frame(fin | text, "whole")).events == lines{"text whole"});
}

TEST_CASE("gorilla R1: fragments are reported as they arrive", "[protocol][ws_reader][parts]") {
  const auto outcome =
      read_parts(client_frame(text, "one ") + client_frame(fin | ping, "?") + client_frame(0, "")
                 + client_frame(0, "two ") + client_frame(fin, "three") + client_frame(fin, "x"));
  CHECK(outcome.events
        == lines{"first text part one ", "ping ?", "text part two ", "last text part three"});
  CHECK(outcome.error == errc::protocol_error); // a continuation of nothing
}

TEST_CASE("gorilla R1: a frame is reported piece by piece", "[protocol][ws_reader][parts]") {
  const auto frame = client_frame(fin | binary, "abcdef");
  CHECK(read_parts(frame, {6, 8, 11}).events
        == lines{"first binary part ab", "binary part cde", "last binary part f"});
  const auto ended = client_frame(binary, "ab") + client_frame(fin, "");
  CHECK(read_parts(ended).events == lines{"first binary part ab", "last binary part "});
  CHECK(read_parts(ended + frame).is_idle);
}

TEST_CASE("gorilla R1: text is checked across parts", "[protocol][ws_reader][parts]") {
  const auto halves = [](std::string_view first, std::string_view second) {
    return read_parts(client_frame(text, first) + client_frame(fin, second));
  };
  CHECK(halves("\xE2\x82", "\xAC").error == errc::ok);
  CHECK(halves("\xE2\x82", "a").error == errc::invalid_utf8);
  CHECK(halves("a", "\xE2\x82").error == errc::invalid_utf8);
  CHECK(halves("\xFF", "").events.empty());
}

TEST_CASE("gorilla R1: pausing loses no part", "[protocol][ws_reader][parts]") {
  const auto stream = client_frame(text, "one") + client_frame(0, "two") + client_frame(fin, "3");
  const auto paused = read_stream(
      stream, {},
      {.limits = {.in_parts = true}, .notes_frames = false, .pause_every = GENERATE(1U, 2U, 3U)});
  CHECK(paused.events == lines{"first text part one", "text part two", "last text part 3"});
}

TEST_CASE("gorilla R5: the limit counts all parts", "[protocol][ws_reader][parts]") {
  const auto stream = client_frame(binary, "12345") + client_frame(fin | pong, "between")
                      + client_frame(fin, "67890");
  CHECK(read_parts(stream, {}, 10).error == errc::ok);
  CHECK(read_parts(stream, {}, 9).error == errc::message_too_big);
  CHECK(read_parts(client_frame(binary, "1")
                       + encode({.first_byte = fin, .declared_length = std::uint64_t{1} << 62}),
                   {}, 10)
            .error
        == errc::message_too_big);
  CHECK(read_parts(client_frame(binary, "1")
                       + encode({.first_byte = fin, .declared_length = UINT64_MAX - 1}),
                   {}, 10)
            .error
        == errc::protocol_error);
}

TEST_CASE("gorilla R1: only empty fragments are bounded in number",
          "[protocol][ws_reader][parts]") {
  std::string full = client_frame(binary, "0");
  std::string empty = full;
  for (int i = 0; i < 100; ++i) {
    full += client_frame(0, "x");
    empty += client_frame(0, "");
  }
  CHECK(read_parts(full + client_frame(fin, "")).error == errc::ok);
  CHECK(read_parts(empty).error == errc::policy_violation);
}

TEST_CASE("gorilla R1: compressed messages inflate as they arrive",
          "[protocol][ws_reader][parts][deflate]") {
  std::string message;
  for (int i = 0; message.size() < 200'000; ++i)
    message += "line " + std::to_string(i * 7919) + " of many; ";
  const auto stream = deflated_fragments(message, GENERATE(200'000U, 30'000U, 777U));
  inflater shared;
  ws_reader reader{ws_role::server};
  assembled got;
  std::vector<std::byte> bytes(as_bytes(stream).begin(), as_bytes(stream).end());
  const ws_limits limits{.max_message_bytes = message.size(), .in_parts = true};
  for (std::size_t at = 0; at < bytes.size(); at += 5'000) {
    const auto piece =
        std::span{bytes}.subspan(at, std::min<std::size_t>(5'000, bytes.size() - at));
    REQUIRE(reader.feed(piece, got, limits, &shared).error == errc::ok);
  }
  CHECK(got.content == message);
  CHECK(got.first == 1);
  CHECK(got.last == 1);
  CHECK(got.longest < 50'000);
  CHECK(reader.is_idle());
}

TEST_CASE("gorilla R5: the limit on parts counts inflated bytes",
          "[protocol][ws_reader][parts][deflate]") {
  const auto stream = deflated_fragments(std::string(5'000'000, 'a'), 1'000'000);
  CHECK(read_parts(stream, {}, 5'000'000).error == errc::ok);
  CHECK(read_parts(stream, {}, 4'999'999).error == errc::message_too_big);
  const auto bad = deflated_fragments(std::string(100, '\xFF'), 50);
  CHECK(read_parts(bad).error == errc::invalid_utf8);
  CHECK(read_parts(client_frame(fin | rsv1 | text, "\xFF\xFF\xFF")).error == errc::protocol_error);
}
