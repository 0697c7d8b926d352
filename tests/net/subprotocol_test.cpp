#include "troupe/subprotocol.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"

#include <string>

using namespace troupe;

namespace {

std::string chosen(const subprotocol_choice& choice, const std::string& offers) {
  const auto asked = test::make_request("/chat", "Sec-WebSocket-Protocol: " + offers + "\r\n");
  return choice.choose(asked, asked.subprotocols());
}

} // namespace

TEST_CASE("subprotocol: H09 the server's or the client's order counts", "[net][subprotocol]") {
  CHECK(chosen({"b", "a"}, "a, b") == "b");
  CHECK(chosen({{"b", "a"}, subprotocol_preference::client}, "c, a, b") == "a");
  CHECK(chosen({{"b", "a"}, subprotocol_preference::client}, "c").empty());
  CHECK(chosen({}, "a").empty());
  CHECK(chosen({"A"}, "a").empty());
}

TEST_CASE("subprotocol: H09 the application may choose among the offers", "[net][subprotocol]") {
  const auto last = subprotocol_choice::by([](const request& asked, const auto& offers) {
    return asked.path() == "/chat" ? std::string{offers.back()} : std::string{};
  });
  CHECK(chosen(last, "a, b, c") == "c");
}

TEST_CASE("subprotocol: H09 what was not offered is not chosen", "[net][subprotocol]") {
  CHECK(chosen(subprotocol_choice::by([](auto&, auto&) { return "x"; }), "a").empty());
}

TEST_CASE("subprotocol: H09 the request knows what was chosen", "[net][subprotocol]") {
  auto asked = test::make_request("/", "Sec-WebSocket-Protocol: a, b\r\n"
                                       "Sec-WebSocket-Protocol: c\r\n");
  CHECK(asked.subprotocol().empty());
  asked.choose_subprotocol("c");
  CHECK(asked.subprotocol() == "c");
  const auto moved = std::move(asked);
  CHECK(moved.subprotocol() == "c");
  auto copy = moved;
  copy.choose_subprotocol("never offered");
  CHECK(copy.subprotocol() == "c");
}
