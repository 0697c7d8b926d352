// How the neffos client comes back after its connection was lost.
#include "tests/support/neffos_script.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using test::agreeable;
using test::get;
using test::neffos_fields;
using test::neffos_options;
using test::text_server;

namespace {

void drop_on_request(text_server::peer& to, const std::string& message) {
  if (neffos_fields{message}.event == "drop")
    to.drop();
}

} // namespace

TEST_CASE("neffos D04: namespaces and rooms are connected again", "[net][neffos_client]") {
  const text_server server{agreeable(drop_on_request)};
  std::promise<void> again;
  int joins = 0;
  neffos_client client{neffos_options(server.url())};
  auto& chat = client.space("chat");
  auto& given_up = client.space("given up");
  chat.on_joined([&](neffos_space&, std::string_view, cause) {
    if (++joins == 3)
      again.set_value();
  });
  REQUIRE(client.connect());
  REQUIRE(get(chat.connect_future()));
  REQUIRE(get(given_up.connect_future()));
  REQUIRE(get(chat.join_future("lobby")));
  REQUIRE(get(chat.join_future("hall")));
  REQUIRE(get(chat.leave_future("hall")));
  REQUIRE(get(given_up.disconnect_future()));
  chat.emit("drop");
  get(again.get_future());
  CHECK(chat.rooms() == std::vector<std::string>{"lobby"});
  CHECK_FALSE(given_up.is_connected());
  CHECK(server.fields("X-Websocket-Reconnect") == std::vector<std::string>{"", "1"});
}

TEST_CASE("neffos D04: the request says how often it has been tried", "[net][neffos_client]") {
  int connections = 0;
  const text_server server{[&](text_server::peer& to, const std::string& message) {
    if (message == "M" && ++connections != 1 && connections < 4)
      return to.drop();
    agreeable(drop_on_request)(to, message);
  }};
  std::promise<void> again;
  neffos_client client{neffos_options(server.url())};
  client.on_open([&, opens = 0](std::string_view) mutable {
    if (++opens == 2)
      again.set_value();
  });
  REQUIRE(client.connect());
  auto& chat = client.space("chat");
  REQUIRE(get(chat.connect_future()));
  chat.emit("drop");
  get(again.get_future());
  CHECK(server.fields("X-Websocket-Reconnect") == std::vector<std::string>{"", "1", "2", "3"});
}

TEST_CASE("neffos D04: the client gives up after so many failures", "[net][neffos_client]") {
  const text_server server{[](text_server::peer& to, const std::string&) { to.drop(); }};
  auto options = neffos_options(server.url());
  options.reconnect.attempts = 3;
  std::vector<bool> retries;
  std::promise<void> given_up;
  neffos_client client{options};
  client.on_close([&](const client_status& status, auto retry) {
    CHECK(status.code == errc::connection_lost);
    retries.push_back(retry.has_value());
    if (!retry)
      given_up.set_value();
  });
  client.start();
  get(given_up.get_future());
  CHECK(retries == std::vector<bool>{true, true, true, false});
}

TEST_CASE("neffos D04: who is refused does not come back", "[net][neffos_client]") {
  const text_server server{[](auto& to, const auto&) { to.send("Hbanned"); }};
  std::promise<bool> told;
  neffos_client client{neffos_options(server.url())};
  client.on_close([&](const client_status& status, auto retry) {
    told.set_value(status.text == "banned" && !retry);
  });
  client.start();
  CHECK(get(told.get_future()));
}

TEST_CASE("neffos D04: a namespace that is refused later is given up", "[net][neffos_client]") {
  int requests = 0;
  const text_server server{[&](text_server::peer& to, const std::string& message) {
    const neffos_fields it{message};
    if (it.event == "_OnNamespaceConnect" && it.space == "chat" && ++requests == 2)
      return to.send(it.wait + ";chat;;" + it.event + ";1;0;no more");
    agreeable(drop_on_request)(to, message);
  }};
  std::promise<void> second;
  std::promise<void> third;
  neffos_client client{neffos_options(server.url())};
  auto& chat = client.space("chat");
  auto& other = client.space("other");
  other.on_connected([&, opens = 0](neffos_space&, cause) mutable {
    ++opens;
    if (opens == 2)
      second.set_value();
    if (opens == 3)
      third.set_value();
  });
  REQUIRE(client.connect());
  REQUIRE(get(chat.connect_future()));
  REQUIRE(get(other.connect_future()));
  other.emit("drop");
  get(second.get_future());
  CHECK_FALSE(chat.is_connected());
  other.emit("drop");
  get(third.get_future());
  CHECK(requests == 2);
}

TEST_CASE("neffos D04: after a close nothing is connected again", "[net][neffos_client]") {
  const text_server server{agreeable()};
  neffos_client client{neffos_options(server.url())};
  auto& chat = client.space("chat");
  REQUIRE(client.connect());
  REQUIRE(get(chat.connect_future()));
  client.close();
  REQUIRE(client.connect());
  CHECK_FALSE(chat.is_connected());
  REQUIRE(get(client.space("other").connect_future())); // behind what `connect` would have asked
  CHECK_FALSE(chat.is_connected());
}

TEST_CASE("neffos D04: the client can be destroyed at any time", "[net][neffos_client]") {
  const text_server server{agreeable(drop_on_request)};
  for (int i = 0; i != 5; ++i) {
    neffos_client client{neffos_options(server.url())};
    auto& chat = client.space("chat");
    client.start();
    chat.connect();
    chat.ask<void>("drop", [](const auto&) {});
  }
  neffos_client last{neffos_options(server.url())};
  CHECK(last.connect());
}
