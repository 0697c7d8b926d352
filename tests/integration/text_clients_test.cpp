// Our C++ clients for neffos and iris against our server.
#include "troupe/iris_client.hpp"
#include "troupe/neffos_client.hpp"

#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <future>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

template <class T>
T get(std::future<T> future) {
  REQUIRE(future.wait_for(5s) == std::future_status::ready);
  return future.get();
}

client_options options_for(const test::running_server& server, const std::string& path) {
  client_options result;
  result.url = "ws://127.0.0.1:" + std::to_string(server.port()) + path;
  result.reconnect.first = 10ms;
  result.reconnect.longest = 50ms;
  return result;
}

void add_chat(server& to) {
  auto& chat = to.endpoint("/chat", speaks::neffos | speaks::iris);
  chat.on_open([](connection& c) {
    if (c.request().header("X-Banned"))
      throw refused{"you are banned"};
  });
  chat.client_ids([](const request& from) {
    return "client of try " + std::to_string(from.reconnect_tries());
  });
  chat.on("sum", [](int a, int b) { return a + b; });
  chat.on("no", []() -> int { throw refused{"never"}; });
  chat.on("say", [](connection& from, std::string text) { from.to("lobby").emit("said", text); });
  chat.on("question", [](connection& from) {
    from.ask<int>("answer", [&from](const result<int, ask_error>& answer) {
      from.emit("understood", answer ? *answer : -1);
    });
  });
  chat.on("twice", [](connection& from, int number) { from.emit("doubled", 2 * number); });
  chat.on("pull", [](connection& from) { from.join("pulled"); });
  chat.on("lead", [](connection& from) { from.connect_space("hidden"); });
  chat.on("kick", [](connection& from) { from.close(4000, "out"); });
  chat.space("hidden").on_connected([](connection& c) { c.emit("welcome", "in"); });
  chat.space("forbidden").on_connect([](connection&) { throw refused{"members only"}; });
}

struct fixture {
  test::running_server server{test::quick_config(), add_chat};
  client_options options = options_for(server, "/chat");
};

} // namespace

TEST_CASE("neffos D01: our server and our client agree, or say why not", "[integration][neffos]") {
  fixture f;
  neffos_client client{f.options};
  const auto status = client.connect();
  INFO(status.text);
  REQUIRE(status);
  CHECK(client.id() == "client of try 0");
  f.options.fields = {{"X-Banned", "yes"}};
  neffos_client banned{f.options};
  CHECK(banned.connect().text == "you are banned");
}

TEST_CASE("neffos D02: namespaces and rooms, wished by either side", "[integration][neffos]") {
  fixture f;
  std::promise<std::string> welcome;
  std::promise<std::string> joined;
  neffos_client client{f.options};
  auto& chat = client.space("default");
  auto& hidden = client.space("hidden");
  chat.on_joined([&](neffos_space&, std::string_view room, cause why) {
    if (!why.is_local)
      joined.set_value(std::string{room});
  });
  hidden.on("welcome", [&](std::string text) { welcome.set_value(text); });
  REQUIRE(client.connect());
  REQUIRE(get(chat.connect_future()));
  CHECK(get(client.space("forbidden").connect_future()).error().text == "members only");
  CHECK(get(client.space("unknown").connect_future()).error().text == "bad namespace");
  chat.emit("lead");
  CHECK(hidden.wait_server_connect(5s));
  CHECK(get(welcome.get_future()) == "in");
  chat.emit("pull");
  CHECK(get(joined.get_future()) == "pulled");
  REQUIRE(get(hidden.disconnect_future()));
  CHECK_FALSE(hidden.is_connected());
}

TEST_CASE("neffos D03: events, asks and rooms with our server", "[integration][neffos]") {
  fixture f;
  std::promise<std::string> said;
  std::promise<int> understood;
  neffos_client ann{f.options};
  neffos_client bob{f.options};
  auto& listening = ann.space("default");
  listening.on("said", [&](const neffos_incoming& from, std::string text) {
    said.set_value(std::string{from.room} + ": " + text);
  });
  auto& speaking = bob.space("default");
  speaking.on("answer", [] { return 42; });
  speaking.on("understood", [&](int value) { understood.set_value(value); });
  for (auto* each : {&ann, &bob}) {
    REQUIRE(each->connect());
    REQUIRE(get(each->space("default").connect_future()));
    REQUIRE(get(each->space("default").join_future("lobby")));
  }
  CHECK(*get(speaking.ask_future<int>("sum", 40, 2)) == 42);
  CHECK(get(speaking.ask_future<int>("sum", 40)).error().code == errc::refused);
  CHECK(get(speaking.ask_future<int>("no")).error().text == "never");
  CHECK(speaking.emit("say", "a;b") == errc::ok);
  CHECK(get(said.get_future()) == "lobby: a;b");
  CHECK(speaking.emit("question") == errc::ok);
  CHECK(get(understood.get_future()) == 42);
  REQUIRE(get(listening.leave_future("lobby")));
}

TEST_CASE("neffos D04: our server sees a client come back", "[integration][neffos]") {
  fixture f;
  std::promise<std::uint16_t> kicked;
  std::promise<void> again;
  neffos_client client{f.options};
  auto& chat = client.space("default");
  client.on_close([&, is_first = true](const client_status& status, auto) mutable {
    if (std::exchange(is_first, false))
      kicked.set_value(status.close_code);
  });
  chat.on_joined([&, joins = 0](neffos_space&, std::string_view, cause) mutable {
    if (++joins == 2)
      again.set_value();
  });
  REQUIRE(client.connect());
  REQUIRE(get(chat.connect_future()));
  REQUIRE(get(chat.join_future("lobby")));
  chat.emit("kick");
  CHECK(get(kicked.get_future()) == 4000);
  get(again.get_future());
  CHECK(client.id() == "client of try 1");
  CHECK(*get(chat.ask_future<int>("sum", 1, 1)) == 2);
}

TEST_CASE("iris M19: our server and our client understand each other", "[integration][iris]") {
  fixture f;
  std::promise<int> doubled;
  std::promise<std::string> sum;
  iris_client client{f.options};
  client.on("doubled", [&](int value) { doubled.set_value(value); });
  client.on("sum", [&](std::string text) { sum.set_value(text); });
  const auto status = client.connect();
  INFO(status.text);
  REQUIRE(status);
  CHECK(client.emit("twice", 21) == errc::ok);
  CHECK(get(doubled.get_future()) == 42);
  CHECK(client.emit("sum", 40, 2) == errc::ok);
  CHECK(get(sum.get_future()) == "42");
  client.disconnect();
  CHECK_FALSE(client.is_open());
}
