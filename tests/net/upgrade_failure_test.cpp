#include "net/upgrade_failure.hpp"

#include "net/upgrade.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"

#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::net;

namespace {

const upgrade_error refused{403, "Not from there.", upgrade_problem::origin};

http_reply answered(const upgrade_failure_hooks& hooks, const upgrade_error& why = refused) {
  return fail_upgrade(test::make_request("/chat"), why, hooks, wall_time{});
}

upgrade_failure_hooks writing(upgrade_error_page page) {
  return {.write = [page](const request&, const upgrade_error&) { return page; }};
}

std::string body_of(const http_reply& reply) {
  return reply.bytes.substr(reply.bytes.find("\r\n\r\n") + 4);
}

} // namespace

TEST_CASE("upgrade failure: H13 without hooks the answer is one line", "[net][upgrade_failure]") {
  const auto reply = answered({});
  CHECK(reply.status == 403);
  CHECK(reply.close);
  CHECK(body_of(reply) == "Not from there.\n");
}

TEST_CASE("upgrade failure: H07 the hook sees the request and the error",
          "[net][upgrade_failure]") {
  std::vector<upgrade_error> seen;
  std::string path;
  const auto reply = answered({.seen = [&](const request& asked, const upgrade_error& why) {
    path = asked.path();
    seen.push_back(why);
  }});
  CHECK(path == "/chat");
  CHECK(seen == std::vector{refused});
  CHECK(body_of(reply) == "Not from there.\n");
}

TEST_CASE("upgrade failure: H07 a hook that throws changes nothing", "[net][upgrade_failure]") {
  const auto reply = answered({.seen = [](auto&, auto&) { throw std::logic_error{"planted"}; }});
  CHECK(reply.status == 403);
}

TEST_CASE("upgrade failure: H13 the application writes the answer", "[net][upgrade_failure]") {
  const auto reply = answered(writing({.status = 401,
                                       .body = "{\"why\":\"login\"}",
                                       .content_type = "application/json",
                                       .fields = {{"WWW-Authenticate", "Bearer"}}}));
  CHECK(reply.status == 401);
  CHECK(reply.close);
  CHECK(reply.bytes.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
  CHECK(reply.bytes.find("\r\nContent-Length: 15\r\n") != std::string::npos);
  CHECK(reply.bytes.find("\r\nWWW-Authenticate: Bearer\r\n") != std::string::npos);
  CHECK(body_of(reply) == "{\"why\":\"login\"}");
}

TEST_CASE("upgrade failure: H13 an answer is never a success", "[net][upgrade_failure]") {
  for (const int status : {0, 101, 200, 302, 600, -1}) {
    CAPTURE(status);
    const auto reply = answered(writing({.status = status, .body = "b"}));
    CHECK(reply.status == 403);
    CHECK(body_of(reply) == "b");
  }
}

TEST_CASE("upgrade failure: H13 what cannot be sent is replaced", "[net][upgrade_failure]") {
  for (const auto& page : {upgrade_error_page{.content_type = "a\r\nX-Evil: 1"},
                           upgrade_error_page{.fields = {{"X", "a\r\nX-Evil: 1"}}},
                           upgrade_error_page{.fields = {{"Content-Length", "5"}}},
                           upgrade_error_page{.fields = {{"content-type", "text/html"}}}}) {
    const auto reply = answered(writing(page));
    CHECK(body_of(reply) == "Not from there.\n");
    CHECK(reply.bytes.find("Evil") == std::string::npos);
  }
  const auto thrown = answered(
      {.write = [](auto&, auto&) -> upgrade_error_page { throw std::logic_error{"planted"}; }});
  CHECK(body_of(thrown) == "Not from there.\n");
}

TEST_CASE("upgrade failure: a wrong version is told the right one", "[net][upgrade_failure]") {
  const auto reply =
      answered(writing({.body = "old"}), {426, "Only 13.", upgrade_problem::request});
  CHECK(reply.bytes.find("\r\nSec-WebSocket-Version: 13\r\n") != std::string::npos);
  CHECK(body_of(reply) == "old");
}

TEST_CASE("upgrade failure: H07 every check says whose rule was broken", "[net][upgrade_failure]") {
  const auto problem = [](std::string_view fields, const upgrade_options& options) {
    return check_upgrade(test::make_request("/", fields), options).refused.value().what;
  };
  const auto fields = std::string{test::handshake_fields};
  CHECK(problem("Host: a\r\n", {}) == upgrade_problem::request);
  CHECK(problem(fields + "Origin: http://evil.example\r\n", {}) == upgrade_problem::origin);
  CHECK(problem(fields + "Sec-WebSocket-Protocol: a\r\n",
                {.subprotocols = {"b"}, .unmatched = unmatched_subprotocol::refuse})
        == upgrade_problem::subprotocol);
  const auto throwing = [](auto&, auto&) -> std::string { throw std::logic_error{"planted"}; };
  CHECK(problem(fields + "Sec-WebSocket-Protocol: a\r\n",
                {.subprotocols = subprotocol_choice::by(throwing)})
        == upgrade_problem::failed);
}
