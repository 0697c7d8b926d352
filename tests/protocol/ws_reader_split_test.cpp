#include "protocol/deflate.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ws_frames.hpp"
#include "tests/support/ws_random_stream.hpp"
#include "tests/support/ws_recorder.hpp"

#include <random>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::protocol;
using namespace troupe::test;

/// Streams that touch every state of the reader.
static std::vector<std::string> sample_streams() {
  const std::string medium(300, 'm');
  const std::string hello{"\xF2\x48\xCD\xC9\xC9\x07\x00", 7}; // "Hello", deflated
  const auto mixed = client_frame(text, "\xE2\x82\xAC"
                                        "a")
                     + client_frame(fin | ping, "ping") + client_frame(continuation, "")
                     + client_frame(fin, "\xC3\xA9");
  return {
      client_frame(fin | text, "hello") + client_frame(fin | binary, medium),
      mixed + client_frame(fin | pong, "")
          + client_frame(fin | closing, close_payload(1000, "end")),
      mixed + client_frame(fin | text, "\xE2\x82") + client_frame(fin | text, "never read"),
      client_frame(binary, medium) + client_frame(fin | text, "inside"),
      client_frame(fin | binary, "ok") + client_frame(fin, "stray"),
      client_frame(fin | ping, std::string(125, 'p')) + client_frame(fin | closing, "\x03"),
      client_frame(fin | binary, "ok") + encode({.payload = "x", .length_bytes = 8}),
      client_frame(binary, medium) + client_frame(continuation, medium) + client_frame(fin, medium),
      client_frame(0x41, hello) + client_frame(fin, "") + client_frame(fin | 0x41, hello),
  };
}

TEST_CASE("ws_reader: streams cut into two or three pieces give the same events",
          "[protocol][ws_reader]") {
  inflater inflate;
  for (const auto& stream : sample_streams()) {
    const ws_setup setup{.limits = {.max_message_bytes = 800}, .inflate = &inflate};
    const auto expected = read_stream(stream, {}, setup);
    REQUIRE_FALSE(expected.events.empty());
    for (std::size_t first = 0; first <= stream.size(); ++first) {
      REQUIRE(read_stream(stream, {first}, setup) == expected);
      for (std::size_t second = first; second <= std::min(first + 12, stream.size()); ++second)
        REQUIRE(read_stream(stream, {first, second}, setup) == expected);
    }
  }
}

TEST_CASE("ws_reader: streams that arrive byte by byte give the same events",
          "[protocol][ws_reader]") {
  inflater inflate;
  for (const auto& stream : sample_streams()) {
    ws_setup setup{.limits = {.max_message_bytes = 800}, .inflate = &inflate};
    const auto expected = read_stream(stream, {}, setup);
    std::vector<std::size_t> cuts;
    for (std::size_t at = 1; at < stream.size(); ++at)
      cuts.push_back(at);
    CHECK(read_stream(stream, cuts, setup) == expected);
    for (setup.pause_every = 1; setup.pause_every < 4; ++setup.pause_every) {
      CHECK(read_stream(stream, {}, setup) == expected);
      CHECK(read_stream(stream, cuts, setup) == expected);
    }
  }
}

TEST_CASE("ws_reader: random streams give the same events however they are cut",
          "[protocol][ws_reader]") {
  const std::uint32_t seed = std::random_device{}();
  CAPTURE(seed);
  ws_random_stream random{seed};
  for (int round = 0; round < 1000; ++round) {
    const auto stream = random.below(2) == 0 ? random.correct() : random.damaged();
    ws_setup setup{.limits = {.max_message_bytes = random.below(4) == 0 ? 1500U : 70000U,
                              .max_fragments = 1 + random.below(6)}};
    const auto expected = read_stream(stream, {}, setup);
    setup.pause_every = random.below(4);
    CAPTURE(round);
    REQUIRE(read_stream(stream, random.cuts(stream.size()), setup) == expected);
  }
}

TEST_CASE("ws_reader: random correct streams are read without an error", "[protocol][ws_reader]") {
  const std::uint32_t seed = std::random_device{}();
  CAPTURE(seed);
  ws_random_stream random{seed};
  const ws_setup setup{.limits = {.max_message_bytes = 70000}};
  for (int round = 0; round < 500; ++round) {
    const auto outcome = read_stream(random.correct(), {}, setup);
    REQUIRE(outcome.error == errc::ok);
    REQUIRE(outcome.is_idle);
  }
}
