#include "net/http_response.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"

#include <chrono>
#include <string>

using namespace troupe;
using namespace troupe::net;
using troupe::test::make_request;

namespace {

const wall_time rfc_time{std::chrono::seconds{784111777}}; // the example of RFC 9110

request head_request() {
  return *request::from_head("HEAD / HTTP/1.1\r\nHost: a.example\r\n\r\n", {});
}

request old_request(std::string_view fields) {
  return *request::from_head("GET / HTTP/1.0\r\n" + std::string{fields} + "\r\n", {});
}

} // namespace

TEST_CASE("http_response: dates are spelled as HTTP wants them", "[net][http_response]") {
  CHECK(http_date(rfc_time) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(wall_time{}) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http_date(wall_time{std::chrono::seconds{1709251199}}) == "Thu, 29 Feb 2024 23:59:59 GMT");
}

TEST_CASE("http_response: a text answer is complete", "[net][http_response]") {
  const auto reply = text_reply(make_request("/"), 404, "There is nothing here.", rfc_time);
  CHECK(reply.status == 404);
  CHECK_FALSE(reply.close);
  CHECK(reply.body.empty());
  CHECK(reply.bytes
        == "HTTP/1.1 404 Not Found\r\n"
           "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
           "Server: troupe\r\n"
           "Connection: keep-alive\r\n"
           "Content-Type: text/plain; charset=utf-8\r\n"
           "X-Content-Type-Options: nosniff\r\n"
           "Content-Length: 23\r\n"
           "\r\n"
           "There is nothing here.\n");
}

TEST_CASE("http_response: HEAD gets the head alone", "[net][http_response]") {
  const auto reply = text_reply(head_request(), 200, "ok", rfc_time);
  CHECK(reply.bytes.ends_with("Content-Length: 3\r\n\r\n"));
}

TEST_CASE("http_response: the connection stays open where HTTP says so", "[net][http_response]") {
  CHECK(is_keep_alive(make_request("/")));
  CHECK(is_keep_alive(make_request("/", "Connection: upgrade\r\n")));
  CHECK_FALSE(is_keep_alive(make_request("/", "Connection: Close\r\n")));
  CHECK_FALSE(is_keep_alive(make_request("/", "Connection: a\r\nConnection: b, close\r\n")));
  CHECK_FALSE(is_keep_alive(old_request("")));
  CHECK(is_keep_alive(old_request("Connection: Keep-Alive\r\n")));
  CHECK_FALSE(is_keep_alive(old_request("Connection: keep-alive, close\r\n")));
  const auto reply = text_reply(old_request(""), 200, "ok", rfc_time);
  CHECK(reply.close);
  CHECK(reply.bytes.find("\r\nConnection: close\r\n") != std::string::npos);
}

TEST_CASE("http_response: a refusal closes and says why", "[net][http_response]") {
  const auto reply = refusal_reply({.status = 400, .reason = "No key."}, rfc_time);
  CHECK(reply.status == 400);
  CHECK(reply.close);
  CHECK(reply.bytes.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(reply.bytes.find("\r\nConnection: close\r\n") != std::string::npos);
  CHECK(reply.bytes.ends_with("\r\nContent-Length: 8\r\n\r\nNo key.\n"));
}

TEST_CASE("http_response: 405 and 426 say what is possible", "[net][http_response]") {
  const auto method = refusal_reply({.status = 405, .reason = "No."}, rfc_time).bytes;
  CHECK(method.find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
  const auto upgrade = refusal_reply({.status = 426, .reason = "No."}, rfc_time).bytes;
  CHECK(upgrade.starts_with("HTTP/1.1 426 Upgrade Required\r\n"));
  CHECK(upgrade.find("\r\nUpgrade: websocket\r\n") != std::string::npos);
  CHECK(upgrade.find("\r\nSec-WebSocket-Version: 13\r\n") != std::string::npos);
  CHECK(upgrade.find("\r\nConnection: close, Upgrade\r\n") != std::string::npos);
}

TEST_CASE("http_response: an unknown status has a phrase too", "[net][http_response]") {
  CHECK(reason_phrase(503) == "Service Unavailable");
  CHECK(reason_phrase(299) == "Unknown");
}

TEST_CASE("http_response: an answer can be made the last one", "[net][http_response]") {
  const auto asked = test::make_request("/", "Host: a.example\r\n");
  auto reply = text_reply(asked, 200, "Connection: keep-alive\r\n", {});
  CHECK_FALSE(reply.close);
  close_after(reply);
  CHECK(reply.close);
  CHECK(reply.bytes.find("\r\nConnection: close\r\n") != std::string::npos);
  CHECK(reply.bytes.find("\r\n\r\nConnection: keep-alive") != std::string::npos); // the body
  const auto once = reply.bytes;
  close_after(reply);
  CHECK(reply.bytes == once);
}
