#include "protocol/neffos.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <stdexcept>

using namespace troupe;
using namespace troupe::protocol;
using test::from_hex;
using test::to_hex;

namespace {

/// What a client's frame says; its views are valid until the next call.
result<neffos_view, refusal> read(std::string_view wire, opcode type = opcode::text) {
  static std::string content;
  static std::string unescaped;
  content = wire;
  return decode_neffos(type, as_bytes(content), unescaped);
}

std::string content_of(const neffos_view& message) {
  return std::string{as_text(to_bytes(message))};
}

std::string frame_hex(const frame_ptr& frame) {
  return to_hex(frame->bytes());
}

} // namespace

TEST_CASE("neffos codec: C01 seven fields, six separators, the body raw", "[protocol][neffos]") {
  const auto message = read("$648359777;default;room1;ask;0;0;ping;;pong;");
  REQUIRE(message);
  CHECK(*message
        == neffos_view{.wait = "$648359777",
                       .space = "default",
                       .room = "room1",
                       .event = "ask",
                       .body = as_bytes("ping;;pong;")});
  CHECK(content_of(*message) == "$648359777;default;room1;ask;0;0;ping;;pong;");
}

TEST_CASE("neffos codec: C02 semicolons of the three names are escaped", "[protocol][neffos]") {
  const std::string_view wire = "$@%!semicolon@%!;n@%!semicolon@%!;@%!semicolon@%!r;"
                                "e@%!semicolon@%!@%!semicolon@%!v;0;0;b@%!semicolon@%!;";
  const auto message = read(wire);
  REQUIRE(message);
  CHECK(message->wait == "$@%!semicolon@%!");
  CHECK(message->space == "n;");
  CHECK(message->room == ";r");
  CHECK(message->event == "e;;v");
  CHECK(as_text(message->body) == "b@%!semicolon@%!;");
  CHECK(content_of(*message) == wire);
}

TEST_CASE("neffos codec: C02 half an escape is a name like others", "[protocol][neffos]") {
  const auto message = read(";@%!semicolon@%;@%!semicolon@%!semicolon@%!;@%!;0;0;");
  REQUIRE(message);
  CHECK(message->space == "@%!semicolon@%");
  CHECK(message->room == ";semicolon@%!");
  CHECK(message->event == "@%!");
}

TEST_CASE("neffos codec: C03 flags are true for the digit 1 only", "[protocol][neffos]") {
  const auto flag = GENERATE("", "0", "01", "1 ", " 1", "true", "2", "11");
  const auto message = read(";d;;e;" + std::string{flag} + ";" + flag + ";x");
  REQUIRE(message);
  CHECK_FALSE(message->is_error);
  CHECK_FALSE(message->is_noop);
  const auto set = read(";d;;e;1;1;x");
  REQUIRE(set);
  CHECK(set->is_error);
  CHECK(set->is_noop);
  CHECK(content_of(*set) == ";d;;e;1;1;x");
}

TEST_CASE("neffos codec: C04 the body of an error is its text", "[protocol][neffos]") {
  const auto message = read("$5;forbidden;;_OnNamespaceConnect;1;0;you; shall not pass");
  REQUIRE(message);
  CHECK(message->is_error);
  CHECK(as_text(message->body) == "you; shall not pass");
  CHECK(content_of(make_reply(*message, as_bytes("ok")))
        == "$5;forbidden;;_OnNamespaceConnect;0;0;ok");
}

TEST_CASE("neffos codec: C04 an error without text is none, and never sent", "[protocol][neffos]") {
  const auto message = read("$5;d;;e;1;0;");
  REQUIRE(message);
  CHECK_FALSE(message->is_error);
  CHECK(content_of(make_error_reply(*message, "")) == "$5;d;;e;1;0;error");
}

TEST_CASE("neffos codec: C05 binary messages have the same layout", "[protocol][neffos]") {
  const auto wire =
      from_hex("3b64656661756c743b3b6563686f3b303b303b 0001 3b3b ff80"); // ;default;;echo;0;0;
  const auto message = read(as_text(wire), opcode::binary);
  REQUIRE(message);
  CHECK(message->type == opcode::binary);
  CHECK(to_hex(message->body) == "00013b3bff80");
  CHECK(frame_hex(encode_neffos(*message)) == "8219" + to_hex(wire));
  CHECK(frame_hex(encode_neffos(make_reply(*message, as_bytes("ok"))))
        == "8215" + to_hex(as_bytes(";default;;echo;0;0;ok")));
}

TEST_CASE("neffos codec: C05 text that is not UTF-8 goes out as binary", "[protocol][neffos]") {
  const auto bad_body = from_hex("c3");
  CHECK(encode_neffos({.event = "e", .body = bad_body})->bytes()[0] == std::byte{0x82});
  CHECK(encode_neffos({.room = "\xc3", .event = "e"})->bytes()[0] == std::byte{0x82});
  CHECK(encode_neffos({.event = "e", .body = as_bytes("\xc3\xa4")})->bytes()[0] == std::byte{0x81});
}

TEST_CASE("neffos codec: C05 names in binary messages must be UTF-8", "[protocol][neffos]") {
  for (const std::string_view wire : {"\xff;d;;e;0;0;x", ";\xff;;e;0;0;x", ";d;;\xc3;0;0;x"}) {
    const auto message = read(wire, opcode::binary);
    REQUIRE_FALSE(message);
    CHECK(message.error().code == errc::malformed_message);
    CHECK_FALSE(message.error().reason.empty());
  }
}

TEST_CASE("neffos codec: C06 the empty reply is the token and six separators",
          "[protocol][neffos]") {
  CHECK(frame_hex(encode_empty_reply("$1")) == "8108" + to_hex(as_bytes("$1;;;;;;")));
  CHECK(frame_hex(encode_empty_reply("$873000000000507531101"))
        == "811c" + to_hex(as_bytes("$873000000000507531101;;;;;;")));
}

TEST_CASE("neffos codec: C07 tokens come back byte for byte", "[protocol][neffos]") {
  for (const std::string wait :
       {"$1234.5", "abc", "#abc", "$!abc", "neffos(0xabc(d))", "$ 1", "\"", "0"}) {
    CAPTURE(wait);
    const auto message = read(wait + ";d;;e;0;0;x");
    REQUIRE(message);
    CHECK(message->wait == wait);
    CHECK(content_of(make_reply(*message, as_bytes("y"))) == wait + ";d;;e;0;0;y");
    CHECK(content_of(make_error_reply(*message, "no")) == wait + ";d;;e;1;0;no");
  }
}

TEST_CASE("neffos codec: C08 own tokens are digits", "[protocol][neffos]") {
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1795219621609765929},
                                     std::uint64_t{18446744073709551615U}}) {
    const auto wait = make_wait(number);
    CHECK(wait == std::to_string(number));
    CHECK(is_own_wait(wait));
    CHECK(is_answer_wait(wait));
    CHECK_FALSE(is_client_wait(wait));
    CHECK_FALSE(is_confirmation(wait));
  }
  for (const auto* const wait : {"", "$1", "#1", "1a", "-1", "184467440737095516150"})
    CHECK_FALSE(is_own_wait(wait));
}

TEST_CASE("neffos codec: C09 replies echo isNoOp", "[protocol][neffos]") {
  const auto message = read("$2;d;r;e;0;1;x");
  REQUIRE(message);
  CHECK(content_of(make_reply(*message, as_bytes("y"))) == "$2;d;r;e;0;1;y");
  CHECK(content_of(make_error_reply(*message, "no")) == "$2;d;r;e;1;1;no");
}

TEST_CASE("neffos codec: C10 an empty message is told apart", "[protocol][neffos]") {
  std::string unescaped;
  for (const auto natives :
       {neffos_natives::refused, neffos_natives::mixed, neffos_natives::only}) {
    const auto message = decode_neffos(opcode::text, {}, unescaped, {.natives = natives});
    REQUIRE_FALSE(message);
    CHECK(message.error() == refusal{errc::malformed_message, 0, "the message is empty"});
  }
}

TEST_CASE("neffos codec: C11 fewer than six separators are refused", "[protocol][neffos]") {
  for (const std::string_view wire : {"M", "A1", "garbage", "a;b;c", ";;;;;", ";d;;e;0;0"}) {
    const auto message = read(wire);
    REQUIRE_FALSE(message);
    CHECK(message.error().code == errc::malformed_message);
    CHECK(message.error().offset == wire.size());
  }
}

TEST_CASE("neffos codec: C12 the prefix of confirmations is recognised", "[protocol][neffos]") {
  CHECK(is_confirmation("#5"));
  CHECK(is_answer_wait("#5"));
  CHECK(is_answer_wait("abc"));
  CHECK_FALSE(is_answer_wait("$5"));
  CHECK_FALSE(is_answer_wait(""));
  CHECK_FALSE(is_confirmation("$#"));
}

TEST_CASE("neffos codec: C14 messages are serialized and deserialized", "[protocol][neffos]") {
  const neffos_message message{.wait = "$2",
                               .space = "semi;colon",
                               .room = "a;b",
                               .event = "ev;ent",
                               .body = "a;b",
                               .is_noop = true,
                               .is_binary = true};
  const auto content = serialize(message);
  CHECK(content == "$2;semi@%!semicolon@%!colon;a@%!semicolon@%!b;ev@%!semicolon@%!ent;0;1;a;b");
  const auto again = deserialize(as_bytes(content), true);
  REQUIRE(again);
  CHECK((*again == message));
  CHECK_FALSE(deserialize(as_bytes("a;b")));
  CHECK_THROWS_AS(serialize({.wait = "a;b"}), std::invalid_argument);
  CHECK_THROWS_AS(serialize({.exclude = "a;b"}), std::invalid_argument);
  CHECK_THROWS_AS(serialize({.wait = "1", .exclude = "neffos(0x1)"}), std::invalid_argument);
}
