// The neffos client against a scripted server: how it opens, what it sends, what it makes of
// answers.
#include "tests/support/neffos_script.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using test::agreeable;
using test::get;
using test::neffos_fields;
using test::neffos_options;
using test::text_server;

namespace {

/// Answers "echo", refuses "fail", leaves "silence" alone, and sends what "please" holds.
void play(text_server::peer& to, const std::string& message) {
  const neffos_fields it{message};
  const auto head = it.wait + ";" + it.space + ";" + it.room + ";" + it.event;
  if (it.event == "echo")
    to.send(head + ";0;0;" + it.body);
  if (it.event == "fail")
    to.send(head + ";1;0;no way");
  if (it.event == "bytes")
    to.send_binary(head + ";0;0;" + it.body);
  if (it.event == "please")
    to.send(it.body);
  if (it.event == "close")
    to.close(1001, "restart");
}

/// A connected namespace "default" of a client with the usual options.
struct fixture {
  explicit fixture(text_server::script script = play) : server{agreeable(std::move(script))} {}

  void open() {
    const auto status = client.connect();
    INFO(status.text);
    REQUIRE(status);
    REQUIRE(get(space.connect_future()));
  }
  std::string echo(std::string_view text) {
    return *get(space.ask_future<std::string>("echo", text));
  }

  const text_server server;
  neffos_client client{neffos_options(server.url())};
  neffos_space& space = client.space("default");
};

/// What the server has seen, without tokens, from the `skip`th message on.
std::vector<std::string> without_tokens(const text_server& server, std::size_t skip) {
  auto seen = server.seen();
  seen.erase(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(skip));
  for (auto& each : seen)
    if (each.starts_with('$'))
      each = "$" + each.substr(each.find(';'));
  return seen;
}

} // namespace

TEST_CASE("neffos D01: the client opens with M and learns its id", "[net][neffos_client]") {
  fixture f;
  std::string told;
  f.client.on_open([&](std::string_view id) { told = id; });
  CHECK(f.client.id().empty());
  REQUIRE(f.client.connect());
  CHECK(told == "the-id");
  CHECK(f.client.id() == "the-id");
  CHECK(f.client.is_open());
  CHECK(f.server.seen() == std::vector<std::string>{"M"});
}

TEST_CASE("neffos D01: request fields travel, no subprotocol is asked for",
          "[net][neffos_client]") {
  const text_server server{agreeable()};
  auto options = neffos_options(server.url());
  options.fields = {{"Authorization", "Bearer 7"}};
  neffos_client client{options};
  REQUIRE(client.connect());
  CHECK(server.fields("Authorization") == std::vector<std::string>{"Bearer 7"});
  CHECK(server.fields("Sec-WebSocket-Protocol") == std::vector<std::string>{""});
  CHECK(server.fields("X-Websocket-Reconnect") == std::vector<std::string>{""});
}

TEST_CASE("neffos D01: a refusal is told in the server's words", "[net][neffos_client]") {
  const text_server server{[](auto& to, const auto&) { to.send("Hno room at the inn"); }};
  neffos_client client{neffos_options(server.url())};
  const auto status = client.connect();
  CHECK(status.code == errc::refused);
  CHECK(status.text == "no room at the inn");
  CHECK_FALSE(client.is_open());
}

TEST_CASE("neffos D01: without an acknowledgement the deadline passes", "[net][neffos_client]") {
  const text_server server{[](auto&, const auto&) {}};
  auto options = neffos_options(server.url());
  options.connect_timeout = 50ms;
  neffos_client client{options};
  CHECK(client.connect().code == errc::timed_out);
}

TEST_CASE("neffos D01: what precedes the acknowledgement is handled after it",
          "[net][neffos_client]") {
  const text_server server{[](auto& to, const std::string& message) {
    if (message == "M")
      to.send("17;default;;_OnNamespaceConnect;0;0;");
    if (message == "M")
      to.send("Alate");
  }};
  neffos_client client{neffos_options(server.url())};
  const auto& space = client.space("default");
  REQUIRE(client.connect());
  CHECK(space.wait_server_connect(5s));
  CHECK(client.id() == "late");
}

TEST_CASE("neffos D02: namespaces connect and disconnect, and their hooks are called",
          "[net][neffos_client]") {
  std::vector<std::string> calls;
  fixture f;
  const auto note = [&](std::string what) {
    return [&calls, what](neffos_space& in, cause why) {
      calls.push_back(what + " " + in.name() + (why.is_local ? " L" : "")
                      + (why.is_forced ? "F" : ""));
    };
  };
  f.space.on_connect(note("connect")).on_connected(note("connected")).on_disconnect(note("gone"));
  CHECK(get(f.space.connect_future()).error().code == errc::closed);
  f.open();
  CHECK(f.space.is_connected());
  REQUIRE(get(f.space.connect_future())); // again: nobody needs to be asked
  CHECK(get(f.space.disconnect_future()));
  CHECK_FALSE(f.space.is_connected());
  CHECK(f.space.emit("early") == errc::closed);
  CHECK(calls
        == std::vector<std::string>{"connect default L", "connected default L", "gone default L"});
  CHECK(without_tokens(f.server, 1)
        == std::vector<std::string>{"$;default;;_OnNamespaceConnect;0;0;",
                                    "$;default;;_OnNamespaceDisconnect;0;0;"});
}

TEST_CASE("neffos D02: either side may refuse a namespace", "[net][neffos_client]") {
  const text_server server{[](auto& to, const std::string& message) {
    if (message == "M")
      return to.send("A1");
    const neffos_fields it{message};
    to.send(it.wait + ";" + it.space + ";;" + it.event + ";1;0;bad namespace");
  }};
  neffos_client client{neffos_options(server.url())};
  auto& ours = client.space("ours");
  ours.on_connect([](neffos_space&, cause) { throw refused{"not now"}; });
  REQUIRE(client.connect());
  const auto theirs = get(client.space("theirs").connect_future());
  CHECK(theirs.error().code == errc::refused);
  CHECK(theirs.error().text == "bad namespace");
  CHECK(get(ours.connect_future()).error().text == "not now");
  CHECK(server.seen().size() == 2);
}

TEST_CASE("neffos D02: the end is told, after the namespaces and rooms", "[net][neffos_client]") {
  std::vector<std::string> calls;
  std::promise<client_status> ended;
  fixture f;
  f.space.on_left([&](neffos_space&, std::string_view room, cause why) {
    calls.push_back("left " + std::string{room} + (why.is_forced ? " F" : ""));
  });
  f.space.on_disconnect([&](neffos_space& in, cause why) {
    calls.push_back("gone " + in.name() + (why.is_local && why.is_forced ? " LF" : ""));
    calls.emplace_back(to_string(in.emit("too", "late")));
  });
  f.client.on_close([&](const client_status& status, auto retry) {
    calls.emplace_back(retry ? "lost" : "closed");
    ended.set_value(status);
  });
  f.open();
  REQUIRE(get(f.space.join_future("lobby")));
  auto answer = f.space.ask_future<std::string>("silence");
  f.client.close();
  CHECK(get(ended.get_future()));
  CHECK(get(std::move(answer)).error().code == errc::connection_lost);
  CHECK(calls
        == std::vector<std::string>{"left lobby F", "gone default LF",
                                    std::string{to_string(errc::closed)}, "closed"});
  CHECK_FALSE(f.client.is_open());
  CHECK(f.client.id().empty());
}

TEST_CASE("neffos D03: texts, values and bytes travel as neffos says", "[net][neffos_client]") {
  fixture f;
  f.open();
  const std::vector<std::byte> bytes{std::byte{0}, std::byte{';'}, std::byte{0xFF}};
  CHECK(f.space.emit("text", "a;b;c") == errc::ok);
  CHECK(f.space.emit("semi;colon", 1, "two") == errc::ok);
  CHECK(f.space.emit("raw", raw_bytes{bytes}) == errc::ok);
  CHECK(f.space.emit("_OnRoomJoin") == errc::bad_name);
  CHECK(f.echo("{}") == "{}");
  CHECK(*get(f.space.ask_future<std::vector<int>>("echo", std::vector{1, 2})) == std::vector{1, 2});
  CHECK(*get(f.space.ask_future<std::vector<std::byte>>("bytes", bytes)) == bytes);
  const auto seen = without_tokens(f.server, 2);
  REQUIRE(seen.size() == 6);
  CHECK(seen[0] == ";default;;text;0;0;a;b;c");
  CHECK(seen[1] == ";default;;semi@%!semicolon@%!colon;0;0;[1,\"two\"]");
  CHECK(seen[2] == "binary ;default;;raw;0;0;" + std::string{as_text(bytes)});
}

TEST_CASE("neffos D03: asks have deadlines and refusals", "[net][neffos_client]") {
  fixture f;
  f.open();
  const auto refusal = get(f.space.ask_future<std::string>("fail", "x"));
  CHECK(refusal.error().code == errc::refused);
  CHECK(refusal.error().text == "no way");
  std::promise<errc> late;
  f.space.ask_within<void>(20ms, "silence",
                           [&](const auto& answer) { late.set_value(answer.error().code); });
  CHECK(get(late.get_future()) == errc::timed_out);
  CHECK(f.echo("still there") == "still there");
  CHECK(get(f.client.space("other").ask_future<void>("echo")).error().code == errc::closed);
}

TEST_CASE("neffos D03: rooms are joined before they are spoken in", "[net][neffos_client]") {
  std::vector<std::string> calls;
  fixture f;
  const auto note = [&](std::string what) {
    return [&calls, what](neffos_space&, std::string_view room, cause why) {
      calls.push_back(what + " " + std::string{room} + (why.is_local ? " L" : ""));
    };
  };
  f.space.on_join(note("join")).on_joined(note("joined"));
  f.space.on_leave(note("leave")).on_left(note("left"));
  f.open();
  CHECK(f.space.to("lobby").emit("say", "early") == errc::not_a_member);
  CHECK(get(f.space.leave_future("lobby")).error().text == "bad room");
  REQUIRE(get(f.space.join_future("lobby")));
  CHECK(f.space.rooms() == std::vector<std::string>{"lobby"});
  CHECK(f.space.to("lobby").emit("say", "hello") == errc::ok);
  REQUIRE(get(f.space.leave_future("lobby")));
  CHECK_FALSE(f.space.is_member("lobby"));
  CHECK(calls
        == std::vector<std::string>{"join lobby L", "joined lobby L", "leave lobby L",
                                    "left lobby L"});
  CHECK(without_tokens(f.server, 2)
        == std::vector<std::string>{"$;default;lobby;_OnRoomJoin;0;0;",
                                    ";default;lobby;say;0;0;hello",
                                    "$;default;lobby;_OnRoomLeave;0;0;"});
}
