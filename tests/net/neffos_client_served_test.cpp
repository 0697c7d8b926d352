// What the neffos client does with messages of its server: requests, events, and their answers.
#include "tests/support/neffos_script.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using test::agreeable;
using test::get;
using test::neffos_fields;
using test::neffos_options;
using test::text_server;

namespace {

/// Sends what "please" holds; answers "echo".
void obey(text_server::peer& to, const std::string& message) {
  const neffos_fields it{message};
  if (it.event == "please")
    to.send(it.body);
  if (it.event == "echo")
    to.send(it.wait + ";" + it.space + ";;echo;0;0;" + it.body);
}

struct fixture {
  void open() {
    REQUIRE(client.connect());
    REQUIRE(get(space.connect_future()));
  }
  /// Makes the server send `frame`. @returns what the client says to that
  std::vector<std::string> says_to(const std::string& frame) {
    const auto before = server.seen().size() + 1;
    REQUIRE(space.emit("please", frame) == errc::ok);
    for (int i = 0; i != 2; ++i) // the client has handled it; the server has what that led to
      REQUIRE(get(space.ask_future<std::string>("echo", "seen")));
    auto seen = server.seen();
    seen.erase(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(before));
    std::erase_if(seen, [](const auto& each) { return each.ends_with(";echo;0;0;seen"); });
    return seen;
  }

  std::vector<std::string> calls;
  std::vector<std::string> errors;
  const text_server server{agreeable(obey)};
  neffos_client client{neffos_options(server.url())};
  neffos_space& space = client.space("default");
};

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("neffos D02: the server connects and disconnects declared namespaces",
          "[net][neffos_client]") {
  fixture f;
  auto& other = f.client.space("other");
  other.on_connect(
      [&](neffos_space&, cause why) { f.calls.emplace_back(why.is_local ? "L" : "ok"); });
  other.on_connected([&](neffos_space& in, cause) { in.emit("hello"); });
  other.on_disconnect(
      [&](neffos_space&, cause why) { f.calls.emplace_back(why.is_local ? "L" : "gone"); });
  auto& closed = f.client.space("closed");
  closed.on_connect([](neffos_space&, cause) { throw refused{"private"}; });
  f.open();
  CHECK(f.says_to("11;other;;_OnNamespaceConnect;0;0;") == lines{"11;;;;;;", ";other;;hello;0;0;"});
  CHECK(other.wait_server_connect(0ms));
  CHECK(f.says_to("12;other;;_OnNamespaceConnect;0;0;") == lines{"12;;;;;;"});
  CHECK(f.says_to("13;unknown;;_OnNamespaceConnect;0;0;")
        == lines{"13;unknown;;_OnNamespaceConnect;1;0;bad namespace"});
  CHECK(f.says_to("14;closed;;_OnNamespaceConnect;0;0;")
        == lines{"14;closed;;_OnNamespaceConnect;1;0;private"});
  CHECK(f.says_to("15;other;;_OnNamespaceDisconnect;0;0;") == lines{"15;;;;;;"});
  CHECK_FALSE(other.is_connected());
  CHECK(f.says_to(";other;;_OnNamespaceConnect;0;0;").empty()); // no token: nobody asks
  CHECK(f.calls == lines{"ok", "gone"});
}

TEST_CASE("neffos D02: the server joins rooms and leaves them", "[net][neffos_client]") {
  fixture f;
  f.space.on_join([](neffos_space&, std::string_view room, cause why) {
    if (room == "no" && !why.is_local)
      throw refused{"never"};
  });
  f.space.on_joined(
      [&](neffos_space&, std::string_view room, cause) { f.calls.emplace_back(room); });
  f.space.on_left([&](neffos_space&, std::string_view, cause) { f.calls.emplace_back("left"); });
  f.open();
  CHECK(f.says_to("21;default;lobby;_OnRoomJoin;0;0;") == lines{"21;;;;;;"});
  CHECK(f.space.is_member("lobby"));
  CHECK(f.says_to("22;default;no;_OnRoomJoin;0;0;")
        == lines{"22;default;no;_OnRoomJoin;1;0;never"});
  CHECK(f.says_to("23;default;lobby;_OnRoomLeave;0;0;") == lines{"23;;;;;;"});
  CHECK(f.says_to("24;default;lobby;_OnRoomLeave;0;0;") == lines{"24;;;;;;"});
  CHECK(f.says_to("25;nowhere;lobby;_OnRoomJoin;0;0;")
        == lines{"25;nowhere;lobby;_OnRoomJoin;1;0;bad namespace"});
  CHECK(f.calls == lines{"lobby", "left"});
}

TEST_CASE("neffos D02: a namespace that nobody connects is waited for in vain",
          "[net][neffos_client]") {
  fixture f;
  f.open();
  CHECK_FALSE(f.client.space("other").wait_server_connect(10ms));
}

TEST_CASE("neffos D03: events reach typed handlers, and what these return goes back",
          "[net][neffos_client]") {
  fixture f;
  f.client.on_error([&](errc, std::string_view text) { f.errors.emplace_back(text); });
  f.space.on("sum", [](int a, int b) { return a + b; });
  f.space.on("said", [&](const neffos_incoming& from, std::string text) {
    f.calls.push_back(std::string{from.room} + ": " + text + (from.wants_reply ? "?" : ""));
  });
  f.space.on("secret", [] { throw refused{"not for you"}; });
  f.space.on("broken", [] { throw std::runtime_error{"a bug"}; });
  f.open();
  CHECK(f.says_to("31;default;;sum;0;0;[40,2]") == lines{"31;default;;sum;0;0;42"});
  CHECK(f.says_to(";default;;sum;0;0;[1,2]") == lines{";default;;sum;0;0;3"});
  CHECK(f.says_to(";default;lobby;said;0;0;a;b").empty());
  CHECK(f.says_to("32;default;;secret;0;0;") == lines{"32;default;;secret;1;0;not for you"});
  const auto hidden = std::string{to_string(errc::handler_failed)};
  CHECK(f.says_to("33;default;;broken;0;0;") == lines{"33;default;;broken;1;0;" + hidden});
  CHECK(f.says_to("34;default;;nobody;0;0;").at(0).starts_with("34;default;;nobody;1;0;"));
  CHECK(f.says_to("35;default;;sum;0;0;[1,true]").at(0).find("argument 2") != std::string::npos);
  CHECK(f.says_to("36;elsewhere;;sum;0;0;") == lines{"36;elsewhere;;sum;1;0;bad namespace"});
  CHECK(f.calls == lines{"lobby: a;b"});
  REQUIRE(f.errors.size() == 2);
  CHECK(f.errors[0] == "a bug");
}

TEST_CASE("neffos D03: other events have a handler of their own", "[net][neffos_client]") {
  fixture f;
  f.space.on("known", [&] { f.calls.emplace_back("known"); });
  f.space.on_any(
      [&](const neffos_incoming& from, payload_view) { f.calls.emplace_back(from.event); });
  f.open();
  f.says_to(";default;;known;0;0;");
  f.says_to(";default;;unknown;0;0;");
  f.says_to(";default;;_OnNamespaceConnected;0;0;"); // is not for servers to say
  CHECK(f.calls == lines{"known", "unknown"});
}

TEST_CASE("neffos D03: errors are told and never answered", "[net][neffos_client]") {
  fixture f;
  f.space.on("said", [] { return 1; });
  f.space.on_error([&](std::string_view event, std::string_view text) {
    f.calls.push_back(std::string{event} + ": " + std::string{text});
  });
  f.client.on_error([&](errc code, std::string_view) { f.errors.emplace_back(to_string(code)); });
  f.open();
  CHECK(f.says_to(";default;;said;1;0;refused").empty());
  CHECK(f.says_to("41;default;;said;1;0;again").empty());
  CHECK(f.says_to("no message").empty());
  CHECK(f.calls == lines{"said: refused", "said: again"});
  CHECK(f.errors == lines{std::string{to_string(errc::malformed_message)}});
}

TEST_CASE("neffos D03: a token of another client is not answered", "[net][neffos_client]") {
  fixture f;
  f.space.on("said", [&](std::string text) { f.calls.push_back(text); });
  f.open();
  CHECK(f.says_to("$17;default;;said;0;0;passed on").empty());
  CHECK(f.calls == lines{"passed on"});
}

TEST_CASE("neffos D03: native messages go to the namespace without a name",
          "[net][neffos_client]") {
  fixture f;
  auto& nameless = f.client.space("");
  nameless.on("_OnNativeMessage", [&](std::string text) { f.calls.push_back(text); });
  f.open();
  REQUIRE(get(nameless.connect_future()));
  CHECK(f.says_to("raw text").empty());
  CHECK(f.says_to(";;;_OnNativeMessage;0;0;full").empty());
  CHECK(f.calls == lines{"raw text", "full"});
}
