#include "troupe/websocket_json.hpp"

#include "troupe/describe.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/websocket_pair.hpp"
#include "tests/support/ws_frames.hpp"

#include <map>

using namespace troupe;
using test::fin;
using test::websocket_pair;
using lines = std::vector<std::string>;

namespace {

struct move {
  int x = 0;
  std::string who{};
};
BOOST_DESCRIBE_STRUCT(move, (), (x, who))

} // namespace

TEST_CASE("websocket: values are written and read as JSON (gorilla R3, W3)", "[net][websocket]") {
  websocket_pair pair;
  CHECK(write_json(pair.client, std::map<std::string, int>{{"a", 1}, {"b", 2}}));
  CHECK(write_json(pair.client, move{3, "me"}));
  const auto heard = pair.heard();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0] == R"(text {"a":1,"b":2})");
  pair.send_frame(fin | test::text, heard[1].substr(5));
  pair.send_frame(fin | test::binary, " [1, 2]\n");
  const auto moved = read_json<move>(pair.client);
  REQUIRE(moved);
  CHECK(moved->x == 3);
  CHECK(moved->who == "me");
  CHECK(*read_json<std::vector<int>>(pair.client) == std::vector<int>{1, 2});
}

TEST_CASE("websocket: a message that is not the JSON asked for spoils no other (gorilla R3)",
          "[net][websocket]") {
  websocket_pair pair;
  for (const auto* wrong : {"", "{", "1 2", "\"text\"", "\"unfinished"}) {
    CAPTURE(wrong);
    pair.send_frame(fin | test::text, wrong);
    CHECK_FALSE(read_json<int>(pair.client));
  }
  pair.send_frame(test::text, "4");
  pair.send_frame(fin | test::continuation, "2");
  CHECK(*read_json<int>(pair.client) == 42);
  pair.send_frame(fin | test::closing, test::close_payload(1000));
  CHECK(is_close_error(read_json<int>(pair.client).error(), {close_code::normal}));
}
