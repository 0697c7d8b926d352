#include "tools/load_native.hpp"

#include "tests/support/catch.hpp"

#include <msgpack.hpp>

using namespace troupe;
using namespace troupe::load;

namespace {

options native_options(scenario what) {
  options value;
  value.what = what;
  value.protocol = wire::native;
  value.rooms = 2;
  value.members = 2;
  value.connections = 4;
  value.target = {.secure = false, .host = "h", .port = "80", .target = "/"};
  complete(value);
  return value;
}

std::vector<std::byte> hello(std::uint64_t id, const std::vector<std::string>& events) {
  msgpack::sbuffer buffer;
  msgpack::packer packer{buffer};
  packer.pack_array(2);
  packer.pack(events);
  packer.pack_map(1);
  packer.pack(std::string{"messages_per_s"});
  packer.pack(200);
  return protocol::to_message(protocol::encode_hello(id, 0),
                              as_bytes(std::string_view{buffer.data(), buffer.size()}));
}

protocol::message decode(const protocol::envelope& front) {
  const auto decoded = protocol::decode_client(front.bytes());
  REQUIRE(decoded.has_value());
  return *decoded;
}

} // namespace

TEST_CASE("native: hello is answered by joining the room of the group", "[tools][load]") {
  const auto settings = native_options(scenario::rooms);
  native_dialect dialect{settings};
  const auto event = dialect.receive(3, hello(70, {}));
  REQUIRE(event.what == native_event::kind::answer);
  const auto join = protocol::decode_client(event.reply);
  REQUIRE(join.has_value());
  CHECK(join->op == protocol::operation::join);
  CHECK(join->text == "load-1");
  CHECK(dialect.id_of(3) == 70);
  CHECK(dialect.announced_rate() == 200);
}

TEST_CASE("native: after joined it publishes to the room's number", "[tools][load]") {
  const auto settings = native_options(scenario::rooms);
  native_dialect dialect{settings};
  dialect.receive(0, hello(1, {"other", "load"}));
  const auto joined = protocol::to_message(protocol::encode_joined(1, 9, "load-0", 1), {});
  CHECK(dialect.receive(0, joined).what == native_event::kind::ready);
  const auto publish = decode(dialect.envelope_for(0));
  CHECK(publish.op == protocol::operation::publish);
  CHECK(publish.room == 9);
  CHECK(publish.content == content_kind::raw);
  CHECK(publish.name == protocol::event_name{1, {}}); // the number that hello announced
}

TEST_CASE("native: an event that is not registered travels as text", "[tools][load]") {
  const auto settings = native_options(scenario::echo);
  native_dialect dialect{settings};
  CHECK(dialect.receive(0, hello(1, {"other"})).what == native_event::kind::ready);
  const auto first = dialect.envelope_for(0);
  const auto ask = decode(first);
  CHECK(ask.op == protocol::operation::ask);
  CHECK(ask.name.text == "echo");
  CHECK(decode(dialect.envelope_for(0)).ask_id == ask.ask_id + 1);
}

TEST_CASE("native: room events and replies carry the scenario's messages", "[tools][load]") {
  const auto settings = native_options(scenario::broadcast);
  native_dialect dialect{settings};
  const auto body = as_bytes(std::string_view{"body"});
  const auto room_event =
      protocol::to_message(protocol::encode_room_event(9, 77, {0, {}}, content_kind::raw), body);
  const auto event = dialect.receive(0, room_event);
  CHECK(event.what == native_event::kind::payload);
  CHECK(event.sender == 77);
  CHECK(as_text(event.payload) == "body");
  const auto reply = protocol::to_message(protocol::encode_reply(5, content_kind::raw), body);
  CHECK(dialect.receive(0, reply).what == native_event::kind::payload);
  CHECK(dialect.receive(0, reply).sender == 0);
}

TEST_CASE("native: errors and nonsense are refusals", "[tools][load]") {
  const auto settings = native_options(scenario::broadcast);
  native_dialect dialect{settings};
  const auto error = protocol::to_message(protocol::encode_error(0, errc::rate_limited), {});
  CHECK(dialect.receive(0, error).what == native_event::kind::refused);
  CHECK(dialect.receive(0, error).code == errc::rate_limited);
  CHECK(dialect.receive(0, as_bytes(std::string_view{"\xff"})).what == native_event::kind::refused);
  CHECK(dialect.receive(0, {}).what == native_event::kind::refused);
}
