#include "tests/integration/support/bather.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/integration/support/session_client.hpp"
#include "tests/support/catch.hpp"

#include <string>

namespace troupe::test {

using protocol::operation;

namespace {

struct pond_fixture {
  running_server server{quick_config(), add_ponds};
  bather ann{server.port()};
  bather bob{server.port()};
};

} // namespace

TEST_CASE("game rooms: two players see the state that their inputs make", "[integration][game]") {
  pond_fixture fixture;
  auto& [server, ann, bob] = fixture;
  ann.join_or_create("ann");
  bob.join_or_create("bob");
  CHECK(ann.room_id == bob.room_id);
  ann.client.publish(ann.room, "swim", swim{5});
  bob.client.publish(bob.room, "swim", swim{-3});
  const auto both_swam = [](const water& all) {
    return all.swimmers.size() == 2 && all.swimmers.begin()->second.x == 5
           && all.swimmers.rbegin()->second.x == -3;
  };
  ann.wait_for(both_swam);
  bob.wait_for(both_swam);
  CHECK(bob.mirror.state().swimmers.begin()->second.name == "ann");
  bob.client.publish(bob.room, "splash", splash{});
  CHECK(ann.wait_event("splashed").argument<std::uint64_t>() == 2);
}

TEST_CASE("game rooms: a full room makes the next one, and its seat comes back",
          "[integration][game]") {
  pond_fixture fixture;
  auto& [server, ann, bob] = fixture;
  ann.join_or_create("ann");
  bob.join_or_create("bob");
  bather cleo{server.port()};
  cleo.join_or_create("cleo");
  CHECK(cleo.room_id != ann.room_id);
  bob.client.leave(bob.room);
  CHECK(ann.wait_event("went").argument<std::uint64_t>() == 2);
  bather dora{server.port()};
  const auto got = dora.reserve("rooms.join_or_create", query{{"kind", "pond"}});
  CHECK((got.room == ann.room_id || got.room == cleo.room_id));
}

TEST_CASE("game rooms: who is refused is told why, and its seat is free again",
          "[integration][game]") {
  pond_fixture fixture;
  auto& ann = fixture.ann;
  const auto got = ann.reserve("rooms.create", query{{"kind", "pond"}});
  CHECK(ann.try_join(got.room, std::string(32, '0'))->text.find("seat") != std::string::npos);
  CHECK(ann.try_join(got.room, "token")->text == "a token has 32 hexadecimal digits");
  CHECK(ann.try_join(got.room, got.tokens.at(0), "shark")->text == "no sharks");
  CHECK(ann.try_join("nowhere", got.tokens.at(0))->text == "there is no room with this id");
  CHECK(ann.refusal("rooms.create", query{{"kind", "lake"}}).find("kind") != std::string::npos);
  CHECK(ann.refusal("rooms.create", query{{"size", "big"}}).find("size") != std::string::npos);
}

TEST_CASE("game rooms: a client with another state is refused by the name of the field",
          "[integration][game]") {
  pond_fixture fixture;
  auto& ann = fixture.ann;
  const auto got = ann.reserve("rooms.create", query{{"kind", "pond"}});
  const auto theirs = game::encode_schema(game::schema_of<swimmer>());
  const auto no = ann.try_join(got.room, got.tokens.at(0), "ann", theirs);
  CHECK(no->op == operation::error);
  CHECK(no->text.find("waves") != std::string::npos);
  const auto ours = game::encode_schema(game::schema_of<water>());
  CHECK(ann.try_join(got.room, got.tokens.at(0), "ann", ours)->op == operation::joined);
}

TEST_CASE("game rooms: an empty room is gone after a while", "[integration][game]") {
  pond_fixture fixture;
  auto& [server, ann, bob] = fixture;
  ann.join_or_create("ann");
  bob.client.ask("rooms.watch", query{{"kind", "pond"}});
  ann.client.ws().socket().reset();
  const auto is_gone = [&ann = ann](const native_message& news) {
    const auto told = as_text(news->payload);
    return told.find("gone") < told.find(ann.room_id) && told.find(ann.room_id) != told.npos;
  };
  while (!is_gone(bob.client.wait_for(operation::event)))
    ;
  CHECK(bob.try_join(ann.room_id, std::string(32, '0'))->text == "there is no room with this id");
}

TEST_CASE("game rooms: who loses its connection keeps its seat for a while",
          "[integration][game]") {
  pond_fixture fixture;
  auto& ann = fixture.ann.join_or_create("ann");
  session_client bob{fixture.server.port()};
  bob.ask("rooms.join_or_create", query{{"kind", "pond"}});
  const auto got = bob.wait_for(operation::reply).argument<seats>();
  const auto arguments = make_payload(got.tokens.at(0), "bob");
  bob.send({.op = operation::join, .ask_id = 9, .text = got.room, .payload = arguments.bytes});
  CHECK(bob.wait_for(operation::joined)->text == ann.room_id);
  bob.cut();
  CHECK(ann.wait_event("dropped").argument<std::uint64_t>() == 2);
  session_client again{fixture.server.port(), return_of(bob, 0)};
  CHECK(again.is(protocol::session_outcome::resumed));
  CHECK(ann.wait_event("back").argument<std::uint64_t>() == 2);
}

TEST_CASE("game rooms: the room hears who does not keep up with the state", "[integration][game]") {
  pond_fixture fixture;
  auto& ann = fixture.ann.join_or_create("ann");
  fixture.bob.join_or_create("bob");
  CHECK(ann.wait_event("slow").argument<std::uint64_t>() <= 2); // neither confirms anything
  ann.client.publish(ann.room, "state.confirm", 0);             // once more from the beginning
  while (ann.wait_event("quick").argument<std::uint64_t>() != 1)
    ;
  ann.wait_for([](const water& all) { return all.swimmers.size() == 2; });
}

TEST_CASE("game rooms: lobbies are told what changes", "[integration][game]") {
  pond_fixture fixture;
  auto& [server, ann, bob] = fixture;
  bob.client.ask("rooms.watch", query{{"kind", "pond"}});
  CHECK(bob.client.wait_for(operation::reply)->payload.size() > 0);
  ann.join_or_create("ann");
  const auto news = bob.client.wait_for(operation::event);
  CHECK(bob.client.name_of(news) == "rooms.changed");
  CHECK(as_text(news->payload).find(ann.room_id) != std::string_view::npos);
}

TEST_CASE("game rooms: who watches a lobby again is told by the new watch", "[integration][game]") {
  pond_fixture fixture;
  auto& [server, ann, bob] = fixture;
  for (int i = 0; i < 2; ++i) {
    bob.client.ask("rooms.watch", query{{"kind", "pond"}});
    (void)bob.client.wait_for(operation::reply);
  }
  ann.join_or_create("ann");
  CHECK(bob.client.name_of(bob.client.wait_for(operation::event)) == "rooms.changed");
}

} // namespace troupe::test
