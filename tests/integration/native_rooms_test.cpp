#include "troupe/refused.hpp"

#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

namespace troupe::test {

using protocol::operation;

namespace {

using member = std::tuple<std::uint64_t, std::optional<std::string>>;

void add_chat(server& to) {
  auto& chat = to.endpoint("/chat");
  chat.on("echo", [](const std::string& words) { return words; });
  chat.rooms("lobby").relay("say").relay_to_all("sing").on(
      "count", [](room& r) { r.emit("counted", r.size(), r.sender().id); });
  chat.rooms("lobby").on("remove", [](room& r, std::uint64_t whom) { r.remove(whom); });
  chat.rooms("lobby").on("hint", [](room& r) { r.to(r.sender().id).emit("hinted"); });
  chat.rooms("private").on_join([](room&, std::optional<std::string> password) {
    if (password != "sesame")
      throw refused{"The password is wrong."};
  });
}

struct room_fixture {
  running_server server{quick_config(), add_chat};
  native_client ann{server.port()};
  native_client bob{server.port()};

  /// Both are in the lobby and have heard of each other.
  std::uint64_t meet() {
    const auto room = ann.join("lobby");
    CHECK(bob.join("lobby") == room);
    CHECK(ann.next()->op == operation::presence);
    return room;
  }
};

void check_silent(native_client& client) {
  client.ask("echo", "nothing yet");
  CHECK(client.next()->op == operation::reply);
}

} // namespace

TEST_CASE("rooms: whoever joins is told who is there, the others who came",
          "[integration][rooms]") {
  room_fixture fixture;
  auto& [server, ann, bob] = fixture;
  ann.request_join("lobby");
  const auto first = ann.next();
  CHECK(first->op == operation::joined);
  CHECK(first->text == "lobby");
  CHECK(first->room == 1);
  CHECK(first->members == 1);
  CHECK(first.argument<member>() == member{ann.id(), std::nullopt});
  bob.request_join("lobby");
  const auto second = bob.next();
  CHECK(second->members == 2);
  const auto [one, other] = second.arguments<member, member>();
  CHECK(std::min(one, other) == member{ann.id(), std::nullopt});
  CHECK(std::max(one, other) == member{bob.id(), std::nullopt});
  const auto came = ann.next();
  CHECK(came->op == operation::presence);
  CHECK(came->kind == protocol::presence_kind::came);
  CHECK(came->room == 1);
  CHECK(came.argument<member>() == member{bob.id(), std::nullopt});
}

TEST_CASE("rooms: joining twice is answered and changes nothing", "[integration][rooms]") {
  room_fixture fixture;
  auto& [server, ann, bob] = fixture;
  const auto room = fixture.meet();
  CHECK(bob.join("lobby") == room);
  check_silent(ann);
}

TEST_CASE("rooms: leaving is answered, and told to those who stay", "[integration][rooms]") {
  room_fixture fixture;
  auto& [server, ann, bob] = fixture;
  const auto room = fixture.meet();
  SECTION("by wish") {
    bob.leave(room);
    const auto left = bob.next();
    CHECK(left->op == operation::left);
    CHECK(left->ask_id != 0);
    CHECK(left->room == room);
    CHECK(left->reason == protocol::left_reason::asked);
    bob.publish(room, "say", "still there?");
    CHECK(bob.next()->code == errc::not_a_member);
  }
  SECTION("by closing") {
    bob.ws().send_close(1000);
  }
  SECTION("by vanishing") {
    bob.ws().socket().reset();
  }
  SECTION("by the room's order") {
    ann.publish(room, "remove", bob.id());
    const auto left = bob.next();
    CHECK(left->op == operation::left);
    CHECK(left->ask_id == 0);
    CHECK(left->reason == protocol::left_reason::removed);
  }
  const auto went = ann.next();
  CHECK(went->op == operation::presence);
  CHECK(went->kind == protocol::presence_kind::went);
  CHECK(went.argument<member>() == member{bob.id(), std::nullopt});
  check_silent(ann);
}

TEST_CASE("rooms: what is published reaches the others with its sender", "[integration][rooms]") {
  room_fixture fixture;
  auto& [server, ann, bob] = fixture;
  const auto room = fixture.meet();
  SECTION("arguments") {
    ann.publish(room, "say", "hello", 7);
    const auto heard = bob.next();
    CHECK(heard->op == operation::room_event);
    CHECK(heard->room == room);
    CHECK(heard->sender == ann.id());
    CHECK(bob.name_of(heard) == "say");
    CHECK(heard.arguments<std::string, int>() == std::tuple{std::string{"hello"}, 7});
  }
  SECTION("raw bytes") {
    ann.publish(room, "say", raw_bytes{as_bytes("\xC1\xC1")});
    const auto heard = bob.next();
    CHECK(heard->content == content_kind::raw);
    CHECK(as_text(heard->payload) == "\xC1\xC1");
  }
  check_silent(ann);
}

TEST_CASE("rooms: an event may come back to its sender if the room says so",
          "[integration][rooms]") {
  room_fixture fixture;
  auto& [server, ann, bob] = fixture;
  ann.publish(fixture.meet(), "sing", "la");
  CHECK(ann.next().argument<std::string>() == "la");
  CHECK(bob.next().argument<std::string>() == "la");
}

TEST_CASE("rooms: a room handles events itself and answers all or one", "[integration][rooms]") {
  room_fixture fixture;
  auto& [server, ann, bob] = fixture;
  const auto room = fixture.meet();
  ann.publish(room, "count");
  for (auto* each : {&ann, &bob}) {
    const auto heard = each->next();
    CHECK(heard->sender == 0);
    CHECK(heard.arguments<int, std::uint64_t>() == std::tuple{2, ann.id()});
  }
  bob.publish(room, "hint");
  CHECK(bob.name_of(bob.next()) == "hinted");
  check_silent(ann);
}

TEST_CASE("rooms: what cannot be is refused with its reason", "[integration][rooms]") {
  room_fixture fixture;
  auto& [server, ann, bob] = fixture;
  const auto room = ann.join("lobby");
  auto check_error = [](native_client& client, errc code) {
    const auto error = client.next();
    CHECK(error->op == operation::error);
    CHECK(error->code == code);
    CHECK(error->text.size() > 10);
  };
  bob.publish(room, "say", "I am not in");
  check_error(bob, errc::not_a_member);
  bob.leave(room);
  check_error(bob, errc::not_a_member);
  ann.publish(777, "say", "what room?");
  check_error(ann, errc::not_a_member);
  ann.publish(room, "dance");
  check_error(ann, errc::unknown_event);
  ann.publish(room, "remove", "whom?");
  check_error(ann, errc::bad_arguments);
  ann.request_join("private");
  check_error(ann, errc::room_refused);
  const auto content = make_payload("sesame");
  ann.send({.op = operation::join, .ask_id = 50, .text = "private", .payload = content.bytes});
  CHECK(ann.next()->op == operation::joined);
  check_silent(bob);
}

TEST_CASE("rooms: a connection may be in so many rooms", "[integration][rooms]") {
  auto settings = quick_config();
  settings.rooms_per_connection = 3;
  const running_server server{settings, add_chat};
  native_client client{server.port()};
  for (const auto* name : {"a", "b", "c", "d"})
    client.request_join(name);
  std::vector<errc> codes;
  for (int i = 0; i < 4; ++i)
    codes.push_back(client.next()->code);
  CHECK(std::count(codes.begin(), codes.end(), errc::too_many_rooms) == 1);
  CHECK(std::count(codes.begin(), codes.end(), errc::ok) == 3);
  client.leave(2);
  CHECK(client.next()->op == operation::left);
  CHECK(client.join("d") > 0);
}

} // namespace troupe::test
