#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

namespace troupe::test {

namespace {

authorization decide(const request& asked) {
  if (asked.query("token") == "fail")
    throw std::runtime_error{"the database is away"};
  if (asked.query("token") != "secret")
    return authorization::refuse(401, "Log in first.");
  auto accepted = authorization::accept("ann");
  accepted.fields = {{"X-Session", "7"}};
  if (asked.query("inject"))
    accepted.fields = {{"X-Session", "7\r\nX-Evil: 1"}};
  return accepted;
}

void add_private(server& to) {
  auto& chat = to.endpoint("/chat").authorize(decide);
  chat.on("who", [](connection& c) {
    return std::string{c.identity()} + " from " + std::string{c.request().remote_address()} + " by "
           + std::string{c.request().header("user-agent").value_or("?")};
  });
  chat.rooms();
  to.endpoint("/open").origins(origin_policy::any());
  to.endpoint("/listed").origins(origin_policy::list({"https://b.example"}));
}

std::string native_upgrade(std::string_view target, std::string_view fields = {}) {
  return upgrade(target, std::string{"Sec-WebSocket-Protocol: troupe.v1\r\n"}.append(fields));
}

} // namespace

TEST_CASE("authorize: who is refused learns why", "[integration][authorize]") {
  const running_server server{quick_config(), add_private};
  const auto refused = ask_http(server.port(), native_upgrade("/chat?token=guess"));
  CHECK(refused.status == 401);
  CHECK(refused.body == "Log in first.\n");
}

TEST_CASE("authorize: a hook that fails lets nobody in", "[integration][authorize]") {
  const running_server server{quick_config(), add_private};
  const auto refused = ask_http(server.port(), native_upgrade("/chat?token=fail"));
  CHECK(refused.status == 500);
  CHECK(refused.body.find("database") == std::string::npos);
  CHECK(serves(server));
}

TEST_CASE("authorize: fields that would break the answer are refused", "[integration][authorize]") {
  const running_server server{quick_config(), add_private};
  const auto refused = ask_http(server.port(), native_upgrade("/chat?token=secret&inject=1"));
  CHECK(refused.status == 500);
  CHECK(refused.head.find("X-Evil") == std::string::npos);
}

TEST_CASE("authorize: the identity and the request stay readable", "[integration][authorize]") {
  const running_server server{quick_config(), add_private};
  native_client ann{server.port(), "/chat?token=secret", "User-Agent: tests\r\n"};
  CHECK(ann.ws().answer().field("X-Session") == "7");
  CHECK(ann.ws().answer().field("Sec-WebSocket-Protocol") == "troupe.v1");
  CHECK(ann.ws().answer().field("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  ann.ask("who");
  CHECK(ann.next().argument<std::string>() == "ann from 127.0.0.1 by tests");
}

TEST_CASE("authorize: members see the identity", "[integration][authorize]") {
  const running_server server{quick_config(), add_private};
  native_client ann{server.port(), "/chat?token=secret"};
  ann.request_join("lobby");
  const auto joined = ann.wait_for(protocol::operation::joined);
  using entry = std::tuple<std::uint64_t, std::optional<std::string>>;
  CHECK(joined.argument<entry>() == entry{ann.id(), "ann"});
}

TEST_CASE("authorize: each endpoint has its origins", "[integration][authorize]") {
  const running_server server{quick_config(), add_private};
  auto status = [&server](std::string_view target, const std::string& origin) {
    const auto field = origin.empty() ? "" : "Origin: " + origin + "\r\n";
    return ask_http(server.port(), native_upgrade(target, field)).status;
  };
  CHECK(status("/open", "http://evil.example") == 101);
  CHECK(status("/listed", "https://b.example") == 101);
  CHECK(status("/listed", "https://b.example:443") == 101);
  CHECK(status("/listed", "http://b.example") == 403);
  CHECK(status("/listed", "https://b.example.evil.example") == 403);
  CHECK(status("/listed", "https://b.example@evil.example") == 403);
  CHECK(status("/listed", "http://a.example") == 403);
  CHECK(status("/listed", "") == 101);
  CHECK(status("/raw", "http://a.example") == 101);
  CHECK(status("/raw", "http://a.example:8080") == 403);
}

} // namespace troupe::test
