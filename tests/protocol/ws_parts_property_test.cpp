#include "tests/support/catch.hpp"
#include "tests/support/ws_random_stream.hpp"
#include "tests/support/ws_recorder.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace troupe;
using namespace troupe::test;

namespace {

constexpr ws_setup whole{.notes_frames = false};

/// The events with the parts of each message put together where its last one came.
std::vector<std::string> join_parts(const std::vector<std::string>& events) {
  std::vector<std::string> joined;
  std::string message;
  for (std::string_view event : events) {
    const auto mark = event.find(" part ");
    const auto head = event.substr(0, mark);
    if (mark == std::string_view::npos || !(head.ends_with("text") || head.ends_with("binary"))
        || mark > 17) {
      joined.emplace_back(event);
      continue;
    }
    if (head.starts_with("first "))
      message = (head.ends_with("text") ? "text " : "binary ");
    message += event.substr(mark + 6);
    if (head.find("last ") != std::string_view::npos)
      joined.push_back(std::move(message));
  }
  return joined;
}

} // namespace

TEST_CASE("gorilla R1: parts make up what whole messages are, however the stream is cut",
          "[protocol][ws_reader][parts]") {
  const auto seed = GENERATE(range(1U, 200U));
  CAPTURE(seed);
  ws_random_stream random{seed};
  const auto stream = random.below(3) == 0 ? random.damaged() : random.correct();
  const auto expected = read_stream(stream, {}, whole);
  auto in_parts = whole;
  in_parts.limits.in_parts = true;
  in_parts.pause_every = random.below(4);
  const auto got = read_stream(stream, random.cuts(stream.size()), in_parts);
  CHECK(join_parts(got.events) == expected.events);
  CHECK(got.error == expected.error);
  CHECK(got.is_finished == expected.is_finished);
  CHECK(got.is_idle == expected.is_idle);
}
