#include "tools/connect_text.hpp"

#include "troupe/arguments.hpp"

#include "tests/support/catch.hpp"

#include <map>

using namespace troupe::connect;
using kind = typed_line::kind;
using troupe::make_payload;

namespace {

typed_line good(std::string_view text) {
  const auto line = parse_line(text);
  INFO((line ? std::string{} : line.error()));
  REQUIRE(line.has_value());
  return *line;
}

/// The arguments of `text`, shown again.
std::string shown(std::string_view text) {
  return show_arguments(good("event " + std::string{text}).arguments);
}

} // namespace

TEST_CASE("connect_text: a plain line is an event with arguments", "[tools][connect_text]") {
  const auto line = good("  say  hello 5 ");
  CHECK(line.what == kind::event);
  CHECK(line.event == "say");
  CHECK(line.arguments == make_payload("hello", 5));
  CHECK(good("tick").arguments == make_payload());
  CHECK(good("   ").what == kind::nothing);
}

TEST_CASE("connect_text: commands have rooms, events and arguments", "[tools][connect_text]") {
  const auto to = good("/to lobby said \"two words\"");
  CHECK(to.what == kind::to_room);
  CHECK(to.room == "lobby");
  CHECK(to.event == "said");
  CHECK(to.arguments == make_payload("two words"));
  const auto ask = good("/ask sum 1 2");
  CHECK(ask.what == kind::ask);
  CHECK(ask.event == "sum");
  CHECK(ask.arguments == make_payload(1, 2));
  CHECK(good("/join lobby secret").arguments == make_payload("secret"));
  CHECK(good("/leave lobby").room == "lobby");
  CHECK(good("/rooms").what == kind::rooms);
  CHECK(good("/help").what == kind::help);
  CHECK(good("/quit").what == kind::quit);
}

TEST_CASE("connect_text: arguments are JSON or words", "[tools][connect_text]") {
  CHECK(good("e true null -3 1.5 18446744073709551615").arguments
        == make_payload(true, msgpack::type::nil_t{}, -3, 1.5, 18'446'744'073'709'551'615U));
  CHECK(good("e [1, [2]] {\"a\": \"b c\"}").arguments
        == make_payload(std::tuple{1, std::tuple{2}},
                        std::map<std::string, std::string>{{"a", "b c"}}));
  CHECK(good("e 1.2.3 north-east truth \"\"").arguments
        == make_payload("1.2.3", "north-east", "truth", ""));
  CHECK(good("e 2.0").arguments == make_payload(2.0));
}

TEST_CASE("connect_text: lines that cannot be meant are explained", "[tools][connect_text]") {
  const auto error = [](std::string_view text) {
    const auto line = parse_line(text);
    return line ? std::string{} : line.error();
  };
  CHECK(error("/jion lobby") == "/jion is unknown; /help lists what there is.");
  CHECK(error("/join") == "\"\" is no name of a room.");
  CHECK(error("/to lobby") == "\"\" is no name of an event.");
  CHECK(error("/ask a,b") == "\"a,b\" is no name of an event.");
  CHECK(error("/leave lobby now") == "/leave does not take \"now\".");
  CHECK(error("say ok {\"a\":") == "Argument 2 is not JSON: {\"a\":");
  CHECK(error("say \"a\"b") == "Argument 1 is not JSON: \"a\"b");
  CHECK(error("say [1 2]") == "Argument 1 is not JSON: [1 2]");
}

TEST_CASE("connect_text: what is shown can be typed again", "[tools][connect_text]") {
  for (const auto* text : {"1 -2 true null", "\"two words\"", "[1, [2, \"a\"]] {\"k\": false}",
                           "{}", "[]", "\"quo\\\"te\"", "18446744073709551615"}) {
    CHECK(shown(text) == text);
    CHECK(shown(shown(text)) == text);
  }
  CHECK(shown("1.5").substr(0, 3) == "1.5");
}

TEST_CASE("connect_text: bytes are shown in hex, and shortened", "[tools][connect_text]") {
  const std::vector<std::byte> bytes{std::byte{0x0A}, std::byte{0xFF}};
  CHECK(show_arguments(make_payload(bytes)) == "<2 bytes 0aff>");
  CHECK(show_arguments({bytes, troupe::content_kind::raw}) == "<2 raw bytes 0aff>");
  const std::vector<std::byte> many(33);
  CHECK(show_arguments({many, troupe::content_kind::raw}).ends_with("00...>"));
  CHECK(show_arguments({}).empty());
}

TEST_CASE("connect_text: nothing that arrives commands the terminal", "[tools][connect_text]") {
  CHECK(printable("a\x1b[2Jb\x7f\n") == "a?[2Jb??");
  const auto text = show_arguments(make_payload("\x1b[2J\x7f"));
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x7f') == std::string::npos);
}
