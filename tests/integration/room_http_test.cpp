#include "troupe/game/rooms.hpp"

#include "tests/integration/support/game_client.hpp"
#include "tests/integration/support/http_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pond.hpp"

#include <string>

namespace troupe::test {

using protocol::operation;

namespace {

constexpr std::string_view as_json = "Content-Type: application/json\r\n";

void add_ponds(server& to) {
  auto& ponds = to.rooms("/game");
  ponds.define<pond>("pond", {.max_players = 2});
  ponds.endpoint()
      .origins(origin_policy::list({"https://page.example"}))
      .limits({.message_bytes = 500})
      .authorize([](const request& asked) {
        return asked.header("X-Banned") ? authorization::refuse(401, "You are banned.")
                                        : authorization::accept("ann");
      });
}

struct pond_server : running_server {
  pond_server() : running_server{quick_config(), add_ponds} {}

  http_answer call(std::string_view name, std::string_view body,
                   std::string_view fields = as_json) const {
    return ask_http(port(), post("/game/" + std::string{name}, body, fields));
  }
};

const std::string any_pond = R"({"kind": "pond"})";

} // namespace

TEST_CASE("room http: a seat that was reserved over HTTP is taken over a WebSocket",
          "[integration][room_http]") {
  const pond_server server;
  const auto made = server.call("create", R"({"kind": "pond", "seats": 2, "options": 7})");
  REQUIRE(made.status == 200);
  CHECK(made.field("Content-Type") == "application/json");
  CHECK(made.field("Cache-Control") == "no-store");
  game_client ann{server.port()};
  const auto room = text_of(made.body, "room");
  CHECK(ann.try_join(room, std::string(32, '0'), "ann")->op == operation::error);
  CHECK(ann.try_join(room, text_of(made.body, "tokens"), "ann")->op == operation::joined);
}

TEST_CASE("room http: all calls of the protocol are there", "[integration][room_http]") {
  const pond_server server;
  const auto first = server.call("join_or_create", any_pond);
  const auto id = text_of(first.body, "room");
  const auto found = ask_http(server.port(), get("/game/find?kind=pond"));
  CHECK(found.body
        == R"([{"id":")" + id
               + R"(","kind":"pond","players":1,"max_players":2,"locked":false,"password":false,)"
                 R"("metadata":{}}])"
                 "\n");
  CHECK(server.call("find", R"({"kind":"pond","filter":{"level":3}})").body == "[]\n");
  CHECK(text_of(server.call("join_matching", any_pond).body, "room") == id);
  const auto other = server.call("create", R"({"kind":"pond","password":"open sesame"})").body;
  const auto with = R"({"room":")" + text_of(other, "room") + R"(","password":")";
  CHECK(server.call("join", with + "open\"}").status == 403);
  CHECK(server.call("join", with + "open sesame\"}").status == 200);
  CHECK(server.call("join", with + "open sesame\"}").status == 409);
}

TEST_CASE("room http: what cannot be done is refused with a status and a reason",
          "[integration][room_http]") {
  struct row {
    std::string request;
    int status;
    std::string text;
  };
  const std::string chunked = "POST /game/create HTTP/1.1\r\nHost: a.example\r\n"
                              "Transfer-Encoding: chunked\r\n";
  const auto each = GENERATE_COPY(
      row{post("/game/create", R"({"kind":"lake"})", as_json), 404, "no such kind"},
      row{post("/game/join", R"({"room":"nowhere"})", as_json), 404, "no such room"},
      row{post("/game/join_matching", any_pond, as_json), 404, "no open room"},
      row{post("/game/create", R"({"kind":"pond","seats":3})", as_json), 409, "full"},
      row{post("/game/create", R"({"kind":"pond","seats":0})", as_json), 400, "member seats"},
      row{post("/game/create", R"({"kind":"pond",})", as_json), 400, "offset 15"},
      row{post("/game/create", R"({"kind":7})", as_json), 400, "member kind"},
      row{post("/game/create", R"({"size":7})", as_json), 400, "size"},
      row{post("/game/create", "[]", as_json), 400, "expected map"},
      row{post("/game/create", "", as_json), 400, "empty"},
      row{post("/game/join", "{}", as_json), 400, "member room"},
      row{post("/game/create", any_pond, "Content-Type: text/plain\r\n"), 415, "application/json"},
      row{post("/game/create", std::string(501, ' '), as_json), 413, "500 bytes"},
      row{chunked + "\r\n0\r\n\r\n", 411, "Content-Length"},
      row{chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n", 400, "malformed"},
      row{post("/game/create", any_pond, "Content-Length: 3\r\n"), 400, "malformed"},
      row{get("/game/create"), 405, "not called so"}, row{get("/game/find"), 400, "kind"},
      row{post("/game/delete", any_pond, as_json), 405, "GET and HEAD"},
      row{post("/game", any_pond, as_json), 405, "GET and HEAD"},
      row{post("/game/create", any_pond, "X-Banned: 1\r\n"), 401, "You are banned."},
      row{post("/game/create", any_pond, "Origin: https://evil.example\r\n"), 403, "origin"});
  CAPTURE(each.request.substr(0, 200));
  const pond_server server;
  const auto answer = ask_http(server.port(), each.request);
  CHECK(answer.status == each.status);
  CAPTURE(answer.body);
  CHECK(answer.body.find(each.text) != std::string::npos);
}

TEST_CASE("room http: a page that may connect may read the answers", "[integration][room_http]") {
  const pond_server server;
  const std::string origin = "Origin: https://page.example\r\n";
  const auto asked =
      ask_http(server.port(), "OPTIONS /game/create HTTP/1.1\r\nHost: a.example\r\n" + origin
                                  + "Access-Control-Request-Method: POST\r\n"
                                    "Access-Control-Request-Headers: content-type, x-key\r\n\r\n");
  CHECK(asked.status == 204);
  CHECK(asked.field("Access-Control-Allow-Origin") == "https://page.example");
  CHECK(asked.field("Access-Control-Allow-Methods") == "OPTIONS, POST");
  CHECK(asked.field("Access-Control-Allow-Headers") == "content-type, x-key");
  CHECK(asked.field("Content-Length") == "");
  const auto answer = server.call("create", any_pond, origin + std::string{as_json});
  CHECK(answer.status == 200);
  CHECK(answer.field("Access-Control-Allow-Origin") == "https://page.example");
  CHECK(
      server.call("create", "{", origin + std::string{as_json}).field("Access-Control-Allow-Origin")
      == "https://page.example");
}

TEST_CASE("room http: an address calls as often as a connection may send",
          "[integration][room_http]") {
  auto settings = quick_config();
  settings.limits.messages_per_s = 1;
  settings.limits.burst = 3;
  const running_server server{settings, add_ponds};
  for (int i = 0; i < 3; ++i)
    CHECK(ask_http(server.port(), get("/game/find?kind=pond")).status == 200);
  const auto refused = ask_http(server.port(), get("/game/find?kind=pond"));
  CHECK(refused.status == 429);
  CHECK(refused.field("Retry-After") == "1");
}

TEST_CASE("room http: how bodies are cut changes nothing, and requests follow each other",
          "[integration][room_http]") {
  const pond_server server;
  tcp_client client{server.port()};
  std::string rest;
  const auto request = post("/game/create", any_pond, as_json);
  for (std::size_t cut = request.size() - any_pond.size() - 4; cut < request.size(); ++cut) {
    client.send(request.substr(0, cut));
    client.send(request.substr(cut));
    CHECK(read_answer(client, rest).status == 200);
  }
  client.send(request + "GET /healthz");
  const auto last = read_answer(client, rest);
  CHECK(last.status == 200);
  CHECK(last.field("Connection") == "close");
  CHECK(rest + read_to_end(client) == "");
}

TEST_CASE("room http: a client that waits for 100 Continue is told to go on",
          "[integration][room_http]") {
  const pond_server server;
  tcp_client client{server.port()};
  const auto expecting = std::string{as_json} + "Expect: 100-continue\r\n";
  const auto request = post("/game/create", any_pond, expecting);
  client.send(request.substr(0, request.size() - any_pond.size()));
  std::string rest;
  CHECK(read_answer(client, rest, false).status == 100);
  client.send(any_pond);
  CHECK(read_answer(client, rest).status == 200);
  client.send(post("/game/create", std::string(501, ' '), expecting).substr(0, 200));
  CHECK(read_answer(client, rest).status == 413); // and no 100
}

TEST_CASE("room http: a body that does not come in time is refused", "[integration][room_http]") {
  auto settings = quick_config();
  settings.limits.handshake_timeout = std::chrono::milliseconds{100};
  const running_server server{settings, add_ponds};
  tcp_client client{server.port()};
  const auto request = post("/game/create", any_pond, as_json);
  client.send(request.substr(0, request.size() - 1));
  std::string rest;
  CHECK(read_answer(client, rest).status == 408);
  CHECK(read_to_end(client).empty());
  CHECK(serves(server));
}

} // namespace troupe::test
