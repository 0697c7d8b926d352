#include "tools/connect_raw.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/scripted_echo.hpp"

#include <sstream>

using namespace std::chrono_literals;
using troupe::connect::raw_session;
using troupe::test::scripted_echo;

TEST_CASE("connect: lines go out as they are and messages are shown", "[tools][connect]") {
  const scripted_echo server{[](std::string message, int) {
    return std::vector<std::string>{message + "?", message + "!"};
  }};
  std::ostringstream out;
  raw_session session{"ws://127.0.0.1:" + server.port() + "/", {}, out};
  REQUIRE(session.connect());
  session.send("/join is no command here");
  session.send("two");
  session.finish(300ms);
  CHECK_FALSE(session.has_failed());
  const auto text = out.str();
  CAPTURE(text);
  CHECK(text.starts_with("* connected\n"));
  CHECK(text.find("# 25 bytes: /join is no command here!\n") != std::string::npos);
  CHECK(text.find("# 4 bytes: two?\n") != std::string::npos);
  CHECK(text.ends_with("* closed\n"));
}

TEST_CASE("connect: without a server there is no raw conversation", "[tools][connect]") {
  std::ostringstream out;
  raw_session session{"ws://127.0.0.1:1/", {}, out};
  CHECK_FALSE(session.connect());
  CHECK(session.has_failed());
  CHECK(out.str().starts_with("! "));
}
