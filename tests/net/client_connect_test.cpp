// How a client gets its connection, loses it, and comes back.
#include "troupe/client.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/fake_server.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using protocol::message;
using protocol::operation;
using test::fake_server;

namespace {

template <class T>
T get(std::future<T> future) {
  REQUIRE(future.wait_for(5s) == std::future_status::ready);
  return future.get();
}

client_options options_for(const std::string& url) {
  client_options result;
  result.url = url;
  result.connect_timeout = 2s;
  result.reconnect.first = 1ms;
  result.reconnect.longest = 5ms;
  result.clock_interval = 0ms;
  return result;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// Joins everybody to room 3; drops the connection at "drop", closes it at "close".
void rooms(fake_server::peer& to, const message& from) {
  const auto members = make_payload(std::tuple{7, "me"});
  if (from.op == operation::join)
    to.send(protocol::encode_joined(from.ask_id, 3, from.text, 1), members.bytes);
  if (from.op == operation::leave)
    to.send(protocol::encode_left(from.ask_id, from.room, protocol::left_reason::asked));
  if (from.op == operation::publish)
    to.send(protocol::encode_room_event(from.room, 9, from.name, content_kind::arguments),
            from.payload);
  if (from.op == operation::clock)
    to.send(protocol::encode_server_clock(from.client_time, 1'000'000'000'000));
  if (from.name.text == "drop")
    to.drop();
  if (from.name.text == "close")
    to.close(1001, "restart");
}

} // namespace

TEST_CASE("client: an address that is none is refused at once", "[net][client]") {
  client c{options_for("nonsense")};
  const auto status = c.connect();
  CHECK(status.code == errc::refused);
  CHECK(status.text == "\"nonsense\" is no ws:// or wss:// address.");
}

TEST_CASE("client: nobody listens", "[net][client]") {
  std::string url;
  {
    const fake_server gone{{}};
    url = gone.url();
  }
  client c{options_for(url)};
  const auto status = c.connect();
  CHECK(status.code == errc::connection_lost);
  CHECK(has(status.text, "cannot be reached"));
}

TEST_CASE("client: the server's refusal is told with its words", "[net][client]") {
  const fake_server server{{.refuse_with = 403}};
  client c{options_for(server.url())};
  const auto status = c.connect();
  CHECK(status.code == errc::refused);
  CHECK(has(status.text, "403 Forbidden: because of the test"));
}

TEST_CASE("client: a server without troupe.v1 is refused", "[net][client]") {
  const fake_server server{{.subprotocol = ""}};
  client c{options_for(server.url())};
  CHECK(has(c.connect().text, "does not speak"));
}

TEST_CASE("client: a server of another version is refused", "[net][client]") {
  const auto hello = [](fake_server::peer& to) {
    auto bytes = test::make_hello({});
    bytes[1] = std::byte{2};
    to.send(bytes);
  };
  const fake_server server{{.on_open = hello}};
  client c{options_for(server.url())};
  const auto status = c.connect();
  CHECK(status.code == errc::refused);
  CHECK(has(status.text, "version 2"));
}

TEST_CASE("client: without a hello the deadline passes", "[net][client]") {
  const fake_server server{{.on_open = [](fake_server::peer&) {}}};
  auto options = options_for(server.url());
  options.connect_timeout = 50ms;
  client c{options};
  CHECK(c.connect().code == errc::timed_out);
}

TEST_CASE("client: it can be destroyed while it connects", "[net][client]") {
  const fake_server server{{.on_open = [](fake_server::peer&) {}}};
  for (int i = 0; i < 5; ++i) {
    client c{options_for(server.url())};
    c.start();
  }
  CHECK(server.connections() <= 5);
}

TEST_CASE("client: rooms by name", "[net][client]") {
  const fake_server server{{.on_message = rooms}};
  std::promise<std::string> heard;
  std::promise<bool> left;
  client c{options_for(server.url())};
  c.on_room("said", [&](const incoming& from, std::string text) {
    heard.set_value(std::string{from.room} + " " + std::to_string(from.sender) + " " + text);
  });
  REQUIRE(c.connect());
  CHECK(c.to("lobby").emit("said", "hello") == errc::not_a_member);
  const auto joined = get(c.join_future("lobby"));
  CHECK(joined->number == 3);
  CHECK(joined->members == std::vector<room_member>{{7, "me"}});
  CHECK(c.rooms() == std::vector<std::string>{"lobby"});
  CHECK(c.to("lobby").emit(latest(1), "said", "hello") == errc::ok);
  CHECK(get(heard.get_future()) == "lobby 9 hello");
  c.leave("lobby", [&](const auto& answer) { left.set_value(answer.has_value()); });
  CHECK(get(left.get_future()));
  CHECK(c.rooms().empty());
}

TEST_CASE("client: a lost connection comes back with its rooms", "[net][client]") {
  const fake_server server{{.on_message = rooms}};
  std::promise<bool> again;
  int joins = 0;
  int losses = 0;
  client c{options_for(server.url())};
  c.on_close([&](const client_status& status, auto retry) {
    losses += retry && status.code != errc::ok ? 1 : 0;
  });
  c.on_room_change([&](const room_change& change) {
    if (change.what == room_change::kind::joined && ++joins == 2)
      again.set_value(true);
  });
  REQUIRE(c.connect());
  get(c.join_future("lobby"));
  c.emit("drop");
  CHECK(get(again.get_future()));
  CHECK(c.room("lobby").has_value());
  CHECK(server.connections() == 2);
  CHECK(losses >= 1);
}

TEST_CASE("client: questions of a lost connection are answered", "[net][client]") {
  const fake_server server{{.on_message = rooms}};
  auto options = options_for(server.url());
  options.reconnect.enabled = false;
  std::promise<client_status> ended;
  client c{options};
  c.on_close([&](const client_status& status, auto) { ended.set_value(status); });
  REQUIRE(c.connect());
  auto answer = c.ask_future<int>("silence");
  c.emit("close");
  CHECK(get(std::move(answer)).error().code == errc::connection_lost);
  const auto status = get(ended.get_future());
  CHECK(status.code == errc::closed);
  CHECK(status.close_code == 1001);
  CHECK(status.text == "restart");
}

TEST_CASE("client: start keeps trying as often as it may", "[net][client]") {
  const fake_server server{{.refuse_with = 503}};
  auto options = options_for(server.url());
  options.reconnect.attempts = 3;
  std::promise<int> given_up;
  int tries = 0;
  client c{options};
  c.on_close([&](const client_status& status, auto retry) {
    CHECK(status.code == errc::refused);
    ++tries;
    if (!retry)
      given_up.set_value(tries);
  });
  c.start();
  CHECK(get(given_up.get_future()) == 4);
}

TEST_CASE("client: the server's clock is known after a sample", "[net][client]") {
  const fake_server server{{.on_message = rooms}};
  auto options = options_for(server.url());
  options.clock_interval = 1h;
  client c{options};
  CHECK_FALSE(c.server_time().has_value());
  REQUIRE(c.connect());
  get(c.join_future("lobby")); // answered after the clock
  REQUIRE(c.server_time().has_value());
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(c.server_time()->time_since_epoch());
  CHECK(seconds.count() >= 999'990);
  CHECK(seconds.count() <= 1'000'010);
  CHECK(c.round_trip().has_value());
}
