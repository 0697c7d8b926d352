#include "tests/integration/support/http_client.hpp"
#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

http_answer ask_head(std::uint16_t port, std::string_view target, std::string_view fields = {}) {
  tcp_client client{port};
  client.send("HEAD " + std::string{target} + " HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n"
              + std::string{fields} + "\r\n");
  std::string rest;
  auto answer = read_answer(client, rest, false);
  answer.body = rest + read_to_end(client);
  return answer;
}

/// Answers every message with the fields it knows of the request.
void tell_request(endpoint& at) {
  at.on_message([](connection& c, byte_view, bool) {
    auto& asked = c.request();
    c.send_text(std::string{asked.header("Authorization-Token").value_or("-")} + " "
                + std::string{asked.header("Cookie").value_or("-")} + " "
                + std::to_string(asked.reconnect_tries()) + " " + std::string{asked.subprotocol()});
  });
}

std::string told(const running_server& server, std::string_view target,
                 std::string_view fields = {}) {
  ws_client client{server.port(), target, fields};
  client.send_text("?");
  return client.next_message();
}

} // namespace

TEST_CASE("opening: H01 only version 13 becomes a WebSocket", "[integration][opening]") {
  const running_server server;
  CHECK(ask_http(server.port(), upgrade("/raw")).status == 101);
  auto old = upgrade("/raw");
  old.replace(old.find("Version: 13"), 11, "Version: 8 ");
  const auto refused = ask_http(server.port(), old);
  CHECK(refused.status == 426);
  CHECK(refused.field("Sec-WebSocket-Version") == "13");
}

TEST_CASE("opening: H02 HEAD is answered without an upgrade", "[integration][opening]") {
  const running_server server;
  for (const auto fields : {std::string_view{}, upgrade_fields}) {
    const auto answer = ask_head(server.port(), "/raw", fields);
    CHECK(answer.status == 302);
    CHECK(answer.field("Content-Length") == "0");
    CHECK(answer.field("Location").empty());
    CHECK(answer.body.empty());
  }
  CHECK(ask_head(server.port(), "/elsewhere").status == 404);
}

TEST_CASE("opening: H03 other methods are told which are allowed", "[integration][opening]") {
  const running_server server;
  for (const std::string method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    CAPTURE(method);
    auto request = upgrade("/raw");
    const auto answer = ask_http(server.port(), request.replace(0, 3, method));
    CHECK(answer.status == 405);
    CHECK(answer.field("Allow") == "GET, HEAD");
    CHECK(answer.field("X-Content-Type-Options") == "nosniff");
  }
}

TEST_CASE("opening: H04 parameters of the URL reach authorize as fields", "[integration][opening]") {
  const running_server server{quick_config(), [](troupe::server& s) {
                                tell_request(s.endpoint("/chat", speaks::raw)
                                               .authorize([](const request& asked) {
                                                 auto token = asked.header("authorization-token");
                                                 return token == "t 1"
                                                          ? authorization::accept()
                                                          : authorization::refuse(401, "No.");
                                               }));
                              }};
  CHECK(told(server, "/chat?X-Websocket-Header-Authorization-Token=t%201") == "t 1 - 0 ");
  CHECK(told(server, "/chat?x-websocket-header-authorization-token=t%201"
                     "&X-Websocket-Header-Cookie=a%3Db")
        == "t 1 - 0 ");
  CHECK(ask_http(server.port(), upgrade("/chat")).status == 401);
}

TEST_CASE("opening: H05 each endpoint says what a URL may bring", "[integration][opening]") {
  const running_server server{quick_config(), [](troupe::server& s) {
                                tell_request(s.endpoint("/all", speaks::raw)
                                               .url_headers({"Cookie", "Authorization-Token"}));
                                tell_request(
                                  s.endpoint("/none", speaks::raw).url_headers(url_headers::none()));
                              }};
  const std::string query = "?X-Websocket-Header-Authorization-Token=t&X-Websocket-Header-Cookie=c";
  CHECK(told(server, "/all" + query) == "t c 0 ");
  CHECK(told(server, "/none" + query) == "- - 0 ");
}

TEST_CASE("opening: H06 handlers see how often a client came back", "[integration][opening]") {
  const running_server server{quick_config(), [](troupe::server& s) {
                                tell_request(s.endpoint("/chat", speaks::raw));
                              }};
  CHECK(told(server, "/chat", "X-Websocket-Reconnect: 3\r\n") == "- - 3 ");
  CHECK(told(server, "/chat?X-Websocket-Header-X-Websocket-Reconnect=4") == "- - 4 ");
  CHECK(told(server, "/chat", "X-Websocket-Reconnect: soon\r\n") == "- - 0 ");
}

TEST_CASE("opening: H07 H13 failed upgrades are seen and answered by the application",
          "[integration][opening]") {
  std::mutex guard;
  std::vector<upgrade_problem> seen;
  const auto note = [&](const request&, const upgrade_error& why) {
    const std::lock_guard lock{guard};
    seen.push_back(why.what);
  };
  const auto write = [](const request&, const upgrade_error& why) {
    return upgrade_error_page{.body = "<p>" + why.reason, .content_type = "text/html"};
  };
  const running_server server{quick_config(), [&](troupe::server& s) {
                                s.endpoint("/chat", speaks::raw)
                                  .authorize([](const request& asked) -> authorization {
                                    if (asked.query("fail"))
                                      throw std::runtime_error{"planted"};
                                    return authorization::refuse(403, "Not you.");
                                  })
                                  .on_upgrade_error(note)
                                  .upgrade_error_pages(write);
                              }};
  const auto refused = ask_http(server.port(), upgrade("/chat"));
  CHECK(refused.status == 403);
  CHECK(refused.field("Content-Type") == "text/html");
  CHECK(refused.body == "<p>Not you.");
  CHECK(ask_http(server.port(), upgrade("/chat?fail=1")).status == 500);
  CHECK(ask_http(server.port(), get("/chat")).status == 426);
  CHECK(ask_http(server.port(), upgrade("/chat", "Origin: http://evil.example\r\n")).status == 403);
  CHECK(ask_head(server.port(), "/chat").status == 302);
  const std::lock_guard lock{guard};
  CHECK(seen
        == std::vector{upgrade_problem::unauthorized, upgrade_problem::failed,
                       upgrade_problem::request, upgrade_problem::origin});
}

TEST_CASE("opening: H09 the application chooses the subprotocol", "[integration][opening]") {
  const running_server server{
    quick_config(), [](troupe::server& s) {
      tell_request(s.endpoint("/list", speaks::raw).subprotocols({"b", "a"}));
      tell_request(s.endpoint("/client", speaks::raw)
                     .subprotocols({{"b", "a"}, subprotocol_preference::client}));
      tell_request(s.endpoint("/own", speaks::raw)
                     .subprotocols(subprotocol_choice::by(
                       [](auto&, auto& offers) { return std::string{offers.back()}; })));
      s.endpoint("/both", speaks::native | speaks::raw).subprotocols({"a"});
    }};
  const std::string offer = "Sec-WebSocket-Protocol: a, b, c\r\n";
  CHECK(told(server, "/list", offer) == "- - 0 b");
  CHECK(told(server, "/client", offer) == "- - 0 a");
  CHECK(told(server, "/own", offer) == "- - 0 c");
  CHECK(told(server, "/list", "Sec-WebSocket-Protocol: x\r\n") == "- - 0 ");
  const auto chosen = [&server](const std::string& offers) {
    return ask_http(server.port(), upgrade("/both", "Sec-WebSocket-Protocol: " + offers + "\r\n"))
      .field("Sec-WebSocket-Protocol");
  };
  CHECK(chosen("a, troupe.v1") == "troupe.v1");
  CHECK(chosen("a") == "a");
  CHECK(chosen("x").empty());
}

TEST_CASE("opening: every 101 of an endpoint brings its fields", "[integration][opening]") {
  const running_server server{quick_config(), [](troupe::server& s) {
                                s.endpoint("/chat", speaks::raw)
                                  .response_headers({{"X-Served-By", "troupe-1"}});
                              }};
  CHECK(ask_http(server.port(), upgrade("/chat")).field("X-Served-By") == "troupe-1");
  CHECK(ask_http(server.port(), upgrade("/raw")).field("X-Served-By").empty());
  CHECK_THROWS_AS(running_server(quick_config(),
                                 [](troupe::server& s) {
                                   s.endpoint("/chat").response_headers({{"Upgrade", "h2c"}});
                                 }),
                  std::runtime_error);
}

TEST_CASE("opening: H14 an endpoint that was shut down refuses while others go on",
          "[integration][opening]") {
  endpoint* doomed = nullptr;
  running_server server{quick_config(2), [&doomed](troupe::server& s) {
                          doomed = &s.endpoint("/closing", speaks::raw);
                        }};
  ws_client other{server.port(), "/raw"};
  ws_client one{server.port(), "/closing"};
  ws_client two{server.port(), "/closing"};
  doomed->shut_down();
  CHECK(one.wait_close().code == 1001);
  CHECK(two.wait_close().code == 1001);
  CHECK(ask_http(server.port(), upgrade("/closing")).status == 503);
  CHECK(ask_head(server.port(), "/closing").status == 503);
  other.send_text("on");
  CHECK(other.next_message() == "on");
  CHECK(serves(server));
}

TEST_CASE("opening: H14 a request under way while the server drains gets a 503",
          "[integration][opening]") {
  running_server server;
  std::thread runner{[&server] { server->run(); }};
  ws_client witness{server.port(), "/raw"};
  tcp_client late{server.port()};
  late.send("GET /raw HTTP/1.1\r\n");
  witness.send_text("both are accepted");
  CHECK(witness.next_message() == "both are accepted");
  server->stop();
  CHECK(witness.wait_close().code == 1001);
  late.send(upgrade("/raw").substr(std::string_view{"GET /raw HTTP/1.1\r\n"}.size()));
  std::string rest;
  CHECK(read_answer(late, rest).status == 503);
  runner.join();
}

TEST_CASE("opening: the hello comes in the packet of the 101", "[integration][opening]") {
  const running_server server{quick_config(), [](auto& on) { on.endpoint("/native"); }};
  const auto is_whole = [&] {
    ws_client client{server.port(), "/native", "Sec-WebSocket-Protocol: troupe.v1\r\n"};
    const bool has_hello = client.has_bytes();
    CHECK(client.next_frame().has_value());
    return has_hello;
  };
  // The kernel holds the first half for 200 ms at most, and this machine may be busier than that.
  CHECK((is_whole() || is_whole() || is_whole()));
}

} // namespace troupe::test
