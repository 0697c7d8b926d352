#include "troupe/prepared_message.hpp"

#include "protocol/deflate.hpp"
#include "protocol/prepared_frames.hpp"
#include "protocol/ws_writer.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <thread>
#include <vector>

using namespace troupe;
using protocol::opcode;

namespace {

constexpr compression off{.enabled = false};

std::string bytes_of(const protocol::frame_ptr& frame) {
  return std::string{as_text(frame->bytes())};
}

} // namespace

TEST_CASE("gorilla W5: a prepared message has the bytes of an ordinary one",
          "[protocol][prepared_message]") {
  const std::string content =
      GENERATE(std::string{}, std::string{"hello"}, std::string(70'000, 'z'));
  const auto text = prepared_message::text(content);
  const auto binary = prepared_message::binary(as_bytes(content));
  CHECK(text.is_text());
  CHECK_FALSE(binary.is_text());
  CHECK(bytes_of(text.shared()->frame(off))
        == bytes_of(protocol::make_frame(opcode::text, as_bytes(content))));
  CHECK(bytes_of(binary.shared()->frame(off))
        == bytes_of(protocol::make_frame(opcode::binary, as_bytes(content))));
  protocol::deflater deflate;
  for (int level = -2; level <= 9; ++level)
    CHECK(bytes_of(text.shared()->frame({.level = level, .threshold = 0}))
          == bytes_of(deflate.make_frame(opcode::text, as_bytes(content), level)));
}

TEST_CASE("gorilla W5: each frame is made once", "[protocol][prepared_message]") {
  const auto message = prepared_message::text(std::string(1'000, 'z'));
  const auto copy = message;
  CHECK(&*message.shared()->frame(off) == &*copy.shared()->frame(off));
  CHECK(&*message.shared()->frame({.level = 1}) == &*copy.shared()->frame({.level = 1}));
  CHECK(&*message.shared()->frame({.level = 1}) != &*copy.shared()->frame({.level = 9}));
  CHECK(&*message.shared()->frame({.threshold = 1'001}) == &*copy.shared()->frame(off));
}

TEST_CASE("gorilla W5: later changes of the buffer do not show", "[protocol][prepared_message]") {
  std::string buffer = "before";
  const auto message = prepared_message::text(buffer);
  buffer = "after!";
  CHECK(as_text(message.content()) == "before");
  CHECK(bytes_of(message.shared()->frame(off))
        == "\x81\x06"
           "before");
}

TEST_CASE("gorilla W5: threads may ask for frames at the same time",
          "[protocol][prepared_message]") {
  const auto message = prepared_message::text(std::string(10'000, 'z'));
  std::vector<const protocol::frame*> seen(8);
  std::vector<std::thread> threads;
  for (auto& each : seen)
    threads.emplace_back([&each, message] { each = &*message.shared()->frame({.level = 3}); });
  for (auto& each : threads)
    each.join();
  for (const auto* each : seen)
    CHECK(each == seen[0]);
}
