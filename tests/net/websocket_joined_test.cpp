#include "troupe/joined_messages.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/websocket_pair.hpp"
#include "tests/support/ws_frames.hpp"

#include <array>

using namespace troupe;
using test::fin;
using test::websocket_pair;

TEST_CASE("websocket: messages are joined to one stream (gorilla R4)", "[net][websocket]") {
  const auto [terminator, step, expected] = GENERATE(table<std::string, std::size_t, std::string>({
      {"", 1, "helloworld"},
      {"", 100, "helloworld"},
      {"\n", 3, "hello\n\nworld\n"},
      {"<end>", 1, "hello<end><end>world<end>"},
      {"<end>", 2, "hello<end><end>world<end>"},
      {"<end>", 100, "hello<end><end>world<end>"},
  }));
  websocket_pair pair;
  pair.send_frame(test::text, "hel");
  pair.send_frame(fin | test::continuation, "lo");
  pair.send_frame(fin | test::text, "");
  pair.send_frame(fin | test::binary, "world");
  pair.send_frame(fin | test::closing, test::close_payload(1000));
  joined_messages stream{pair.client, terminator};
  std::string all;
  std::vector<std::byte> buffer(step);
  auto got = stream.read(buffer);
  for (; got; got = stream.read(buffer)) {
    REQUIRE(*got > 0);
    all += as_text(byte_view{buffer}.first(*got));
  }
  CHECK(all == expected);
  CHECK(is_close_error(got.error(), {close_code::normal}));
}
