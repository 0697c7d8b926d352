#include "protocol/neffos.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/count_allocations.hpp"
#include "tests/support/hex.hpp"

#include <random>
#include <set>

using namespace troupe;
using namespace troupe::protocol;
using test::to_hex;

namespace {

std::string content_of(const neffos_view& message) {
  return std::string{as_text(to_bytes(message))};
}

} // namespace

TEST_CASE("neffos: the opening and its answers", "[protocol][neffos]") {
  CHECK(is_neffos_opening(as_bytes("M")));
  CHECK(is_neffos_opening(as_bytes("Mxyz")));
  CHECK_FALSE(is_neffos_opening({}));
  CHECK_FALSE(is_neffos_opening(as_bytes("A1")));
  CHECK_FALSE(is_neffos_opening(as_bytes("H1")));
  CHECK(to_hex(encode_ack("50193a79")->bytes()) == "8109" + to_hex(as_bytes("A50193a79")));
  CHECK(to_hex(encode_ack_refusal("no room at the inn")->bytes())
        == "8113" + to_hex(as_bytes("Hno room at the inn")));
}

TEST_CASE("neffos: clients read the answer to the opening", "[protocol][neffos]") {
  CHECK(*decode_ack(as_bytes("A5-1")) == neffos_ack{.is_accepted = true, .text = "5-1"});
  CHECK(*decode_ack(as_bytes("Hno")) == neffos_ack{.is_accepted = false, .text = "no"});
  CHECK(*decode_ack(as_bytes("A")) == neffos_ack{.is_accepted = true, .text = ""});
  CHECK_FALSE(decode_ack({}));
  CHECK_FALSE(decode_ack(as_bytes("M")));
  CHECK_FALSE(decode_ack(as_bytes(";;;;;;")));
}

TEST_CASE("neffos: recorded frames of a server", "[protocol][neffos]") {
  const auto connect = to_string(neffos_event::namespace_connect);
  const auto join = to_string(neffos_event::room_join);
  const auto leave = to_string(neffos_event::room_leave);
  CHECK(content_of({.space = "default", .event = "echo", .body = as_bytes("hello")})
        == ";default;;echo;0;0;hello");
  CHECK(content_of({.wait = "1795219621609765929",
                    .space = "default",
                    .event = "question",
                    .body = as_bytes("q1")})
        == "1795219621609765929;default;;question;0;0;q1");
  CHECK(content_of({.wait = "1795219623240908168", .space = "forced", .event = connect})
        == "1795219623240908168;forced;;_OnNamespaceConnect;0;0;");
  CHECK(content_of(
            {.wait = "1795219622285565595", .space = "default", .room = "room2", .event = join})
        == "1795219622285565595;default;room2;_OnRoomJoin;0;0;");
  CHECK(content_of(
            {.wait = "1795219622365734022", .space = "default", .room = "room2", .event = leave})
        == "1795219622365734022;default;room2;_OnRoomLeave;0;0;");
  CHECK(content_of({.space = "default",
                    .event = "fail",
                    .body = as_bytes("refused:nowait"),
                    .is_error = true})
        == ";default;;fail;1;0;refused:nowait");
  CHECK(content_of({.event = to_string(neffos_event::native_message), .body = as_bytes("full:x")})
        == ";;;_OnNativeMessage;0;0;full:x");
  CHECK(content_of({.body = as_bytes("raw text"), .is_native = true}) == "raw text");
}

TEST_CASE("neffos: an error answers a binary request as text", "[protocol][neffos]") {
  const neffos_view request{.wait = "$1", .space = "d", .event = "e", .type = opcode::binary};
  CHECK(make_reply(request, {}).type == opcode::binary);
  CHECK(encode_neffos(make_error_reply(request, "no"))->bytes()[0] == std::byte{0x81});
}

TEST_CASE("neffos: bytes among native messages are not taken for fields", "[protocol][neffos]") {
  const std::string_view bytes = "\xff;;;;;;x";
  std::string unescaped;
  const auto message =
      decode_neffos(opcode::binary, as_bytes(bytes), unescaped, {.natives = neffos_natives::mixed});
  REQUIRE(message);
  CHECK(message->is_native);
  CHECK(as_text(message->body) == bytes);
}

TEST_CASE("neffos: a native question in full form gets its token back", "[protocol][neffos]") {
  std::string unescaped;
  const auto question = decode_neffos(opcode::text, as_bytes("$1;;;_OnNativeMessage;0;0;x"),
                                      unescaped, {.natives = neffos_natives::mixed});
  REQUIRE(question);
  CHECK(question->is_native);
  CHECK(content_of(make_reply(*question, as_bytes("y"))) == "$1;;;_OnNativeMessage;0;0;y");
}

TEST_CASE("neffos: the events that neffos defines", "[protocol][neffos]") {
  using enum neffos_event;
  for (std::size_t index = 1; index < neffos_event_names.size(); ++index) {
    const auto event = static_cast<neffos_event>(index);
    CHECK(to_neffos_event(to_string(event)) == event);
    CHECK(is_system_event(to_string(event)) == (event != any_event && event != native_message));
  }
  for (const auto* const name : {"", "_On", "_OnRoomJoi", "_OnRoomJoinx", "_onRoomJoin", "chat"}) {
    CHECK(to_neffos_event(name) == none);
    CHECK_FALSE(is_system_event(name));
  }
}

TEST_CASE("neffos: requests and spoofed notifications", "[protocol][neffos]") {
  using enum neffos_event;
  const std::set<neffos_event> requests{namespace_connect, namespace_disconnect, room_join,
                                        room_leave};
  const std::set<neffos_event> spoofed{namespace_connected, room_joined, room_left, any_event};
  for (std::size_t index = 0; index < neffos_event_names.size(); ++index) {
    const auto event = static_cast<neffos_event>(index);
    CHECK(is_request(event) == requests.contains(event));
    CHECK(is_spoofed(event) == spoofed.contains(event));
  }
}

TEST_CASE("neffos: known errors match exactly", "[protocol][neffos]") {
  for (const auto* const text : {"bad namespace", "bad room", "write closed", "invalid payload"})
    CHECK(is_known_error(text));
  for (const auto* const text : {"", "Bad Namespace", "bad namespace ", "[-1] write closed"})
    CHECK_FALSE(is_known_error(text));
}

TEST_CASE("neffos: decoding names without escapes takes no memory", "[protocol][neffos]") {
  const std::string_view wire = "$873000000000648359777;a-namespace-with-a-long-name;a-long-room;"
                                "an-event-with-a-name-that-is-longer-than-others;0;0;body";
  std::string unescaped;
  const auto before = test::allocations();
  const auto message = decode_neffos(opcode::text, as_bytes(wire), unescaped);
  const auto after_decoding = test::allocations();
  REQUIRE(message);
  const auto frame = encode_neffos(*message);
  const auto after_encoding = test::allocations();
  CHECK(after_decoding == before);
  CHECK(after_encoding == after_decoding + 1);
}

TEST_CASE("neffos: any names and bodies survive the way", "[protocol][neffos]") {
  const auto seed = GENERATE(1U, 2U, 3U, 4U);
  CAPTURE(seed);
  std::mt19937 random{seed};
  const auto any_text = [&random](std::string_view letters) {
    std::string text(random() % 40, ' ');
    for (auto& c : text)
      c = letters[random() % letters.size()];
    return text;
  };
  std::string unescaped;
  for (int turn = 0; turn < 500; ++turn) {
    // Without '@', no name can hold the text that stands for a semicolon.
    const std::string names[] = {any_text("$!#a1"), any_text(";a%!"), any_text(";;;b"),
                                 any_text(";semicolon%!"), any_text(";@%!semicolon")};
    const neffos_view message{.wait = names[0],
                              .space = names[1],
                              .room = names[2],
                              .event = names[3],
                              .body = as_bytes(names[4]),
                              .is_noop = random() % 2 == 0};
    const auto bytes = to_bytes(message);
    const auto again = decode_neffos(opcode::text, bytes, unescaped);
    REQUIRE(again);
    CHECK(*again == message);
  }
}
