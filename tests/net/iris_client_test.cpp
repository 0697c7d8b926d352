// The iris client against a scripted server.
#include "troupe/iris_client.hpp"

#include "tests/support/neffos_script.hpp"

#include <map>
#include <stdexcept>

using namespace troupe;
using namespace std::chrono_literals;
using test::get;
using test::neffos_options;
using test::text_server;

namespace {

constexpr std::string_view prefix = "iris-websocket-message:";

/// Sends what follows "please "; "binary " makes it a binary message. Drops at "drop".
void obey(text_server::peer& to, const std::string& message) {
  if (message.starts_with("please binary "))
    to.send_binary(message.substr(14));
  else if (message.starts_with("please "))
    to.send(message.substr(7));
  if (message == "drop")
    to.drop();
}

std::string event(std::string_view rest) {
  return std::string{prefix}.append(rest);
}

struct fixture {
  void open() { REQUIRE(client.connect()); }
  /// Makes the server send `message`, and waits until the client has handled it.
  void tell(const std::string& message) {
    std::promise<void> handled;
    done = [&handled] { handled.set_value(); };
    REQUIRE(client.emit_message("please " + message) == errc::ok);
    REQUIRE(client.emit_message("please " + event("done;0;")) == errc::ok);
    get(handled.get_future());
  }

  std::vector<std::string> calls;
  std::function<void()> done;
  const text_server server{obey};
  iris_client client{neffos_options(server.url())};
};

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("iris M19: events carry one value with its type", "[net][iris_client]") {
  fixture f;
  f.client.on("done", [&] { f.done(); });
  const std::vector<std::byte> bytes{std::byte{';'}, std::byte{0xFF}};
  CHECK(f.client.emit("early") == errc::closed);
  f.open();
  CHECK(f.client.emit("text", "a;b") == errc::ok);
  CHECK(f.client.emit("number", 42) == errc::ok);
  CHECK(f.client.emit("truth", true) == errc::ok);
  CHECK(f.client.emit("list", std::vector{1, 2}) == errc::ok);
  CHECK(f.client.emit("bytes", bytes) == errc::ok);
  CHECK(f.client.emit("semi;colon") == errc::bad_name);
  CHECK(f.client.emit_message("plain") == errc::ok);
  CHECK(f.client.emit_message(byte_view{bytes}) == errc::ok);
  f.tell("");
  auto seen = f.server.seen();
  seen.resize(7);
  CHECK(seen
        == lines{event("text;0;a;b"), event("number;1;42"), event("truth;2;true"),
                 event("list;4;[1,2]"), "binary " + event("bytes;3;") + std::string{as_text(bytes)},
                 "plain", "binary " + std::string{as_text(bytes)}});
}

TEST_CASE("iris M19: handlers get what they declare", "[net][iris_client]") {
  fixture f;
  f.client.on("done", [&] { f.done(); });
  f.client.on("text", [&](const iris_incoming& from, std::string text) {
    f.calls.push_back(std::string{from.event} + " " + text);
  });
  f.client.on("text", [&](std::string_view) { f.calls.emplace_back("again"); });
  f.client.on("number", [&](int value) { f.calls.push_back(std::to_string(value)); });
  f.client.on("truth", [&](bool value) { f.calls.emplace_back(value ? "true" : "false"); });
  f.client.on("json", [&](std::map<std::string, int> value) {
    f.calls.push_back(std::to_string(value["a"]));
  });
  f.client.on("bytes", [&](byte_view value) { f.calls.emplace_back(as_text(value)); });
  f.client.on_message([&](byte_view message, bool is_text) {
    f.calls.push_back(std::string{as_text(message)} + (is_text ? " text" : " bytes"));
  });
  f.client.on_error([&](errc code, auto) { f.calls.emplace_back(to_string(code)); });
  f.open();
  f.tell(event("text;0;a;b"));
  f.tell(event("number;1;42"));
  f.tell(event("truth;2;true"));
  f.tell(event("json;4;{\"a\":7}"));
  f.tell(event("bytes;3;;x"));
  f.tell("native");
  f.tell("binary raw");
  f.tell(event("unheard;0;x"));
  CHECK(f.calls == lines{"text a;b", "again", "42", "true", "7", ";x", "native text", "raw bytes"});
  f.calls.clear();
  f.tell(event("number;0;many"));
  f.tell(event("broken"));
  CHECK(f.calls
        == lines{std::string{to_string(errc::bad_arguments)},
                 std::string{to_string(errc::malformed_message)}});
}

TEST_CASE("iris M19: the prefix is a setting", "[net][iris_client]") {
  const text_server server{[](text_server::peer& to, const std::string& message) {
    to.send("go-websocket-message:echo;0;" + message);
  }};
  std::promise<std::string> heard;
  iris_client client{neffos_options(server.url()), "go-websocket-message:"};
  client.on("echo", [&](std::string text) { heard.set_value(text); });
  REQUIRE(client.connect());
  client.emit("say", "x");
  CHECK(get(heard.get_future()) == "go-websocket-message:say;0;x");
  CHECK_THROWS_AS(iris_client({}, "with \"quotes\""), std::invalid_argument);
}

TEST_CASE("iris M19: the client comes back, and says goodbye once", "[net][iris_client]") {
  const text_server server{obey};
  std::promise<void> again;
  std::vector<bool> retries;
  iris_client client{neffos_options(server.url())};
  client.on_open([&, opens = 0]() mutable {
    if (++opens == 2)
      again.set_value();
  });
  client.on_close([&](const client_status&, auto retry) { retries.push_back(retry.has_value()); });
  REQUIRE(client.connect());
  client.emit_message("drop");
  get(again.get_future());
  client.disconnect();
  client.disconnect();
  CHECK_FALSE(client.is_open());
  CHECK(retries == std::vector<bool>{true, false});
  CHECK(server.fields("X-Websocket-Reconnect") == std::vector<std::string>{"", "1"});
}
