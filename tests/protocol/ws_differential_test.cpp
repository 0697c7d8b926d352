#include "tests/support/beast_oracle.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ws_frames.hpp"
#include "tests/support/ws_random_stream.hpp"

#include <random>
#include <string>

using namespace troupe;
using namespace troupe::test;

TEST_CASE("ws_reader: Beast reads random streams in the same way",
          "[protocol][ws_reader][differential]") {
  const std::uint32_t seed = std::random_device{}();
  CAPTURE(seed);
  ws_random_stream random{seed};
  for (int round = 0; round < 2000; ++round) {
    const auto stream = random.below(3) == 0 ? random.correct() : random.damaged();
    CAPTURE(round);
    REQUIRE(compare_with_beast(stream, 3000) == "");
  }
}

TEST_CASE("ws_reader: the comparison with Beast sees a difference",
          "[protocol][ws_reader][differential]") {
  const auto stream = client_frame(fin | text, "a") + client_frame(fin | text, "\xFF");
  const auto theirs = read_with_beast(stream, 100);
  CHECK(theirs.events == std::vector<std::string>{"text a"});
  CHECK(theirs.error == errc::invalid_utf8);
  CHECK(read_with_beast(client_frame(fin | binary, "too long"), 3).error == errc::message_too_big);
  CHECK(read_with_beast(client_frame(fin | 0x3, ""), 3).error == errc::protocol_error);
}
