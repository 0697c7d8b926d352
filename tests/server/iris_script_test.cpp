#include "server/iris_script.hpp"

#include "troupe/server.hpp"

#include "tests/support/catch.hpp"

#include <string>

using troupe::make_iris_script;

TEST_CASE("iris_script: M14 it is the script, with iris' own prefix unless told otherwise",
          "[server][iris_script]") {
  auto script = make_iris_script("iris-websocket-message:");
  CHECK(script.find("globalThis.Ws = Ws;") != std::string::npos);
  CHECK(script.find("const prefix = \"iris-websocket-message:\";") != std::string::npos);
}

TEST_CASE("iris_script: L10 another prefix stands in the script instead of iris' own",
          "[server][iris_script]") {
  auto script = make_iris_script("go-websocket-message:");
  CHECK(script.find("const prefix = \"go-websocket-message:\";") != std::string::npos);
  CHECK(script.find("\"iris-websocket-message:\"") == std::string::npos);
}

TEST_CASE("iris_script: L10 a prefix that no endpoint can have is refused",
          "[server][iris_script]") {
  auto prefix = GENERATE("", "a\"b", "a\\b", "line\nbreak", "\xff");
  CHECK_THROWS_AS(make_iris_script(prefix), std::invalid_argument);
  troupe::server server{{}};
  CHECK_THROWS_AS(server.iris_script("/iris-ws.js", prefix), std::invalid_argument);
}
