#include "server/http_routes.hpp"

#include "troupe/endpoint.hpp"

#include "tests/support/catch.hpp"

#include <string>

using troupe::endpoint;
using troupe::http_call;
using troupe::http_result;
using troupe::http_routes;

namespace {

http_routes::handler says(std::string text) {
  return [text](const http_call&) { return http_result{.body = text}; };
}

} // namespace

TEST_CASE("http_routes: a path is found with its methods", "[server][http_routes]") {
  const endpoint at{"/rooms", troupe::speaks::native};
  http_routes routes;
  routes.add(at, "GET", "/find", says("got"));
  routes.add(at, "POST", "/find", says("posted"));
  const auto found = routes.find("/rooms/find");
  REQUIRE(found);
  CHECK(found->what->at == &at);
  CHECK(found->what->find("GET") == found->what->find("HEAD"));
  CHECK(found->what->find("POST") != found->what->find("GET"));
  CHECK(found->what->find("DELETE") == nullptr);
  CHECK(found->what->methods() == "OPTIONS, GET, HEAD, POST");
  CHECK_FALSE(routes.find("/rooms"));
  CHECK_FALSE(routes.find("/find"));
  CHECK_FALSE(routes.find("/rooms/find/"));
  CHECK_FALSE(routes.find(""));
}

TEST_CASE("http_routes: a star stands for one segment", "[server][http_routes]") {
  const endpoint at{"/rooms", troupe::speaks::native};
  http_routes routes;
  routes.add(at, "GET", "/match/*", says("any"));
  routes.add(at, "GET", "/match/one", says("one"));
  CHECK(routes.find("/rooms/match/abc")->rest == "abc");
  CHECK(routes.find("/rooms/match/one")->rest.empty());
  CHECK_FALSE(routes.find("/rooms/match/"));
  CHECK_FALSE(routes.find("/rooms/match/a/b"));
  CHECK_FALSE(routes.find("/rooms/match"));
}

TEST_CASE("http_routes: a failure is JSON, whatever its text is", "[server][http_routes]") {
  const auto failure = troupe::http_failure(404, "unknown_room", "no \"room\"\n");
  CHECK(failure.status == 404);
  CHECK(failure.body
        == R"({"error":"unknown_room","text":"no \"room\"\n"})"
           "\n");
}
