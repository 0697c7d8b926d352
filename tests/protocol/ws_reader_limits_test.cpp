#include "tests/support/catch.hpp"
#include "tests/support/ws_frames.hpp"
#include "tests/support/ws_recorder.hpp"

#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::protocol;
using namespace troupe::test;

static const ws_setup small{.limits = {.max_message_bytes = 1000, .max_fragments = 4},
                            .notes_frames = false};

TEST_CASE("ws_reader: a message may be as large as the limit, not larger",
          "[protocol][ws_reader]") {
  const auto exact = read_stream(client_frame(fin | binary, std::string(1000, 'x')), {}, small);
  CHECK(exact.error == errc::ok);
  CHECK(exact.events.size() == 1);
  const auto over = read_stream(client_frame(fin | binary, std::string(1001, 'x')), {}, small);
  CHECK(over.error == errc::message_too_big);
  CHECK(over.events.empty());
}

TEST_CASE("ws_reader: fragments together may be as large as the limit, not larger",
          "[protocol][ws_reader]") {
  const auto begin = client_frame(text, std::string(600, 'x'));
  const auto exact = read_stream(begin + client_frame(fin, std::string(400, 'x')), {}, small);
  CHECK(exact.error == errc::ok);
  CHECK(exact.events.size() == 1);
  const auto over = read_stream(begin + client_frame(fin, std::string(401, 'x')), {}, small);
  CHECK(over.error == errc::message_too_big);
  CHECK(over.events.empty());
}

TEST_CASE("ws_reader: a declared length over the limit is refused before any payload came",
          "[protocol][ws_reader]") {
  const auto length = GENERATE(std::uint64_t{1001}, std::uint64_t{65536}, std::uint64_t{1} << 62,
                               (std::uint64_t{1} << 63) - 1);
  const auto header = encode({.declared_length = length});
  CHECK(read_stream(header, {}, small).error == errc::message_too_big);
  const auto begun = client_frame(binary, "x");
  const auto next = encode({.first_byte = fin, .declared_length = length});
  CHECK(read_stream(begun + next, {}, small).error == errc::message_too_big);
}

TEST_CASE("ws_reader: no limit means that 2^63-1 may be declared but is not allocated",
          "[protocol][ws_reader]") {
  const ws_setup unlimited{.limits = {.max_message_bytes = SIZE_MAX}};
  auto stream = encode({.declared_length = (std::uint64_t{1} << 63) - 1});
  stream += std::string(1000, 'x');
  const auto outcome = read_stream(stream, {20, 500}, unlimited);
  CHECK(outcome.error == errc::ok);
  CHECK_FALSE(outcome.is_finished);
}

TEST_CASE("ws_reader: a message may have as many fragments as the limit, not more",
          "[protocol][ws_reader]") {
  const auto middle = client_frame(continuation, "");
  const auto begin = client_frame(binary, "a") + middle + middle;
  const auto exact = read_stream(begin + client_frame(fin, "d"), {}, small);
  CHECK(exact.error == errc::ok);
  CHECK(exact.events == std::vector<std::string>{"binary ad"});
  const auto over = read_stream(begin + middle + client_frame(fin, "e"), {}, small);
  CHECK(over.error == errc::policy_violation);
  CHECK(over.events.empty());
}

TEST_CASE("ws_reader: the count of fragments starts again with every message",
          "[protocol][ws_reader]") {
  std::string stream;
  for (int index = 0; index < 10; ++index)
    stream += client_frame(text, "a") + client_frame(fin | ping, "") + client_frame(0, "b")
              + client_frame(fin, "c");
  const auto outcome = read_stream(stream, {}, small);
  CHECK(outcome.error == errc::ok);
  CHECK(outcome.events.size() == 20);
}

TEST_CASE("ws_reader: every empty fragment is announced, so that a flood can be counted",
          "[protocol][ws_reader]") {
  std::string stream = client_frame(text, "");
  for (int index = 0; index < 999; ++index)
    stream += client_frame(continuation, "");
  ws_reader reader{ws_role::server};
  ws_recorder recorder;
  recorder.pause_every = 100;
  const auto input = std::as_writable_bytes(std::span{stream});
  const auto done = reader.feed(input, recorder, ws_limits{.max_fragments = 100000});
  CHECK(recorder.frames == 100);
  CHECK(recorder.wire_bytes == 600);
  CHECK(done.consumed == 600);
}
