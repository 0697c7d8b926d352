#include "net/client_state.hpp"

#include "protocol/native_encode.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace troupe;
using net::client_state;
using protocol::message;
using protocol::operation;
using change = room_change::kind;

namespace {

const client_state::time_point later = client_state::time_point::max();

/// A state that is connected to a server with the event "say" as number 0 and "said" as 1.
struct fixture {
  explicit fixture(client_options options = {}) : state{options} { connect(); }

  void connect() {
    state.opened({.version = 1, .connection = 7, .events = {"say", "said"}, .limits = {}}, {},
                 later, [this](std::string_view room, const reply& answer) {
                   rejoined.emplace_back(room, answer.code);
                 });
  }

  /// The next message to send, decoded; the bytes are kept.
  message sent() {
    for (auto& one : state.take_outgoing())
      kept.push_back(std::move(one));
    REQUIRE(next < kept.size());
    const auto decoded = protocol::decode_client(as_bytes(kept[next++]));
    REQUIRE(decoded.has_value());
    return *decoded;
  }

  errc join(std::string_view room) {
    client_state::waiter done = [this](const reply& answer) { answers.push_back(answer.code); };
    return state.join(room, {}, done, later);
  }

  void joined(std::uint64_t number, std::string_view name, std::uint64_t ask = 0) {
    const auto members = make_payload(std::tuple{7, msgpack::type::nil_t{}}, std::tuple{8, "ann"});
    state.joined({.op = operation::joined,
                  .ask_id = ask,
                  .room = number,
                  .text = name,
                  .members = 2,
                  .payload = members.bytes});
  }

  client_state state;
  std::vector<std::string> kept;
  std::size_t next = 0;
  std::vector<errc> answers;
  std::vector<std::pair<std::string, errc>> rejoined;
};

message presence(protocol::presence_kind kind, const payload& who) {
  return {.op = operation::presence, .kind = kind, .room = 3, .payload = who.bytes};
}

} // namespace

TEST_CASE("client_state: nothing is sent without a connection", "[net][client_state]") {
  client_state state{{}};
  client_state::waiter done;
  CHECK(state.emit("say", {}, {}) == errc::closed);
  CHECK(state.publish("lobby", "say", {}, {}) == errc::closed);
  CHECK(state.ask("say", {}, done, later) == errc::closed);
  CHECK(state.join("lobby", {}, done, later) == errc::closed);
  CHECK(state.leave("lobby", done, later) == errc::closed);
  CHECK(state.take_outgoing().empty());
}

TEST_CASE("client_state: registered events travel as numbers", "[net][client_state]") {
  fixture f;
  CHECK(f.state.emit("said", make_payload("hello"), {}) == errc::ok);
  CHECK(f.state.emit("new", {}, latest(5)) == errc::ok);
  const auto known = f.sent();
  CHECK(known.op == operation::event);
  CHECK(known.name == protocol::event_name{.number = 1, .text = {}});
  const auto payload = make_payload("hello");
  CHECK(as_text(known.payload) == as_text(payload.bytes));
  const auto unknown = f.sent();
  CHECK(unknown.name.text == "new");
  CHECK(unknown.how == latest(5));
}

TEST_CASE("client_state: names outside the grammar are refused", "[net][client_state]") {
  fixture f;
  client_state::waiter done;
  CHECK(f.state.emit("", {}, {}) == errc::bad_name);
  CHECK(f.state.publish("lobby", "two words", {}, {}) == errc::bad_name);
  CHECK(f.state.ask("ä", {}, done, later) == errc::bad_name);
  CHECK(f.state.join(std::string(129, 'a'), {}, done, later) == errc::bad_name);
}

TEST_CASE("client_state: the queue is bounded until messages have left", "[net][client_state]") {
  client_options options;
  options.outgoing_bytes = 2'000;
  fixture f{options};
  const payload big{std::vector<std::byte>(1'000), content_kind::raw};
  CHECK(f.state.emit("say", big, {}) == errc::ok);
  CHECK(f.state.emit("say", big, {}) == errc::slow_consumer);
  const auto size = f.state.take_outgoing().front().size();
  CHECK(f.state.emit("say", big, {}) == errc::slow_consumer); // handed over, but not sent
  f.state.sent(size);
  CHECK(f.state.emit("say", big, {}) == errc::ok);
}

TEST_CASE("client_state: a newer message takes the place of the latest of its key",
          "[net][client_state]") {
  fixture f;
  CHECK(f.state.emit("at", make_payload(1), latest(7)) == errc::ok);
  CHECK(f.state.emit("say", make_payload("between"), {}) == errc::ok);
  CHECK(f.state.emit("at", make_payload(2), latest(8)) == errc::ok);
  CHECK(f.state.emit("from", make_payload(3), latest(7)) == errc::ok);
  const payload raw{std::vector<std::byte>(3), content_kind::raw};
  CHECK(f.state.emit("at", raw, latest(7)) == errc::ok);
  const auto messages = f.state.take_outgoing();
  REQUIRE(messages.size() == 4);
  const auto first = protocol::decode_client(as_bytes(messages[0]));
  REQUIRE(first.has_value());
  CHECK(first->content == content_kind::raw);
  CHECK(first->payload.size() == 3);
  CHECK(first->how == latest(7));
}

TEST_CASE("client_state: what was handed over is not replaced", "[net][client_state]") {
  fixture f;
  CHECK(f.state.emit("at", make_payload(1), latest()) == errc::ok);
  CHECK(f.state.take_outgoing().size() == 1);
  CHECK(f.state.emit("at", make_payload(2), latest()) == errc::ok);
  CHECK(f.state.emit("at", make_payload(3), latest()) == errc::ok);
  CHECK(f.state.take_outgoing().size() == 1);
}

TEST_CASE("client_state: replacing keeps within the bound", "[net][client_state]") {
  client_options options;
  options.outgoing_bytes = 2'000;
  fixture f{options};
  const auto sized = [](std::size_t size) {
    return payload{std::vector<std::byte>(size), content_kind::raw};
  };
  for (int i = 0; i < 100; ++i)
    CHECK(f.state.emit("at", sized(1'000), latest()) == errc::ok);
  CHECK(f.state.emit("at", sized(2'000), latest()) == errc::slow_consumer);
  const auto messages = f.state.take_outgoing();
  REQUIRE(messages.size() == 1);
  CHECK(messages.front().size() < 1'100);
}

TEST_CASE("client_state: a join makes a room known by name", "[net][client_state]") {
  fixture f;
  CHECK(f.state.publish("lobby", "say", {}, {}) == errc::not_a_member);
  CHECK(f.join("lobby") == errc::ok);
  const auto join = f.sent();
  CHECK(join.op == operation::join);
  CHECK(join.text == "lobby");
  f.joined(3, "lobby", join.ask_id);
  (*f.state.take_waiter(join.ask_id, errc::ok))({});
  CHECK(f.answers == std::vector{errc::ok});
  CHECK(f.state.room_name(3) == "lobby");
  CHECK(f.state.room("lobby")->member_count == 2);
  CHECK(f.state.room("lobby")->members == std::vector<room_member>{{7, ""}, {8, "ann"}});
  CHECK(f.state.publish("lobby", "say", {}, {}) == errc::ok);
  const auto publish = f.sent();
  CHECK(publish.op == operation::publish);
  CHECK(publish.room == 3);
}

TEST_CASE("client_state: presence keeps the members", "[net][client_state]") {
  using protocol::presence_kind;
  fixture f;
  f.joined(3, "lobby");
  const auto bob = make_payload(std::tuple{9, "bob"});
  const auto came = f.state.presence(presence(presence_kind::came, bob));
  REQUIRE(came.has_value());
  CHECK(came->what == change::came);
  CHECK(came->who == std::vector<room_member>{{9, "bob"}});
  CHECK(f.state.room("lobby")->member_count == 3);
  const auto ann = make_payload(std::tuple{8, "ann"});
  CHECK(f.state.presence(presence(presence_kind::went, ann))->what == change::went);
  CHECK(f.state.room("lobby")->members == std::vector<room_member>{{7, ""}, {9, "bob"}});
  auto elsewhere = presence(presence_kind::came, bob);
  elsewhere.room = 4;
  CHECK_FALSE(f.state.presence(elsewhere).has_value());
}

TEST_CASE("client_state: rooms are joined again after a reconnect", "[net][client_state]") {
  fixture f;
  f.join("lobby");
  f.joined(3, "lobby", f.sent().ask_id);
  f.joined(4, "moved"); // by the server
  CHECK(f.state.lost().size() == 1);
  CHECK_FALSE(f.state.room("lobby").has_value());
  f.connect();
  const auto again = f.sent();
  CHECK(again.text == "lobby");
  CHECK(f.sent().text == "moved");
  (*f.state.take_waiter(again.ask_id, errc::ok))({});
  CHECK(f.rejoined == std::vector{std::pair{std::string{"lobby"}, errc::ok}});
}

TEST_CASE("client_state: a room may be joined again by something else", "[net][client_state]") {
  fixture f;
  const auto ticket = make_payload("ticket");
  f.join("lobby");
  f.state.rejoin_with("lobby", ticket.bytes);
  f.state.rejoin_with("elsewhere", ticket.bytes); // never joined
  f.state.lost();
  f.connect();
  const auto again = f.sent();
  CHECK(again.text == "lobby");
  CHECK(std::ranges::equal(again.payload, ticket.bytes));
  CHECK(f.state.take_outgoing().empty());
}

TEST_CASE("client_state: left and refused rooms are not joined again", "[net][client_state]") {
  fixture f;
  f.join("refused");
  f.state.take_waiter(f.sent().ask_id, errc::room_refused);
  f.joined(3, "removed");
  const auto left =
      f.state.left({.op = operation::left, .reason = protocol::left_reason::removed, .room = 3});
  REQUIRE(left.has_value());
  CHECK(left->why == room_change::reason::removed);
  f.joined(4, "given-up");
  client_state::waiter done;
  CHECK(f.state.leave("given-up", done, later) == errc::ok);
  f.state.lost();
  f.connect();
  CHECK(f.state.take_outgoing().empty());
}

TEST_CASE("client_state: without rejoin a reconnect starts empty", "[net][client_state]") {
  client_options options;
  options.reconnect.rejoin = false;
  fixture f{options};
  f.joined(3, "lobby");
  f.state.lost();
  f.connect();
  CHECK(f.state.take_outgoing().empty());
}

TEST_CASE("client_state: questions end when the connection does", "[net][client_state]") {
  fixture f;
  client_state::waiter done = [](const reply&) {};
  CHECK(f.state.ask("say", {}, done, later) == errc::ok);
  CHECK(f.state.lost().size() == 1);
  CHECK(f.state.take_outgoing().empty());
  CHECK_FALSE(f.state.is_open());
}

TEST_CASE("client_state: hello and members of a wrong form stay empty", "[net][client_state]") {
  for (const auto& odd :
       {payload{}, make_payload(1), make_payload("a", "b"), make_payload(std::vector{"a"}, 3, 4)}) {
    const auto info = net::read_hello({.version = 1, .connection = 5, .payload = odd.bytes});
    CHECK(info.connection == 5);
    CHECK(info.limits.empty());
    CHECK(net::read_members(odd.bytes).empty());
  }
  const auto good =
      make_payload(std::vector<std::string>{"a"}, std::map<std::string, int>{{"message_bytes", 9}},
                   std::map<std::string, int>{});
  const auto info = net::read_hello({.payload = good.bytes});
  CHECK(info.events == std::vector<std::string>{"a"});
  CHECK(info.limits == std::map<std::string, std::uint64_t>{{"message_bytes", 9}});
}
