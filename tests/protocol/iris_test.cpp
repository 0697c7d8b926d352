#include "protocol/iris.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <limits>
#include <string>

using namespace troupe;
using namespace troupe::protocol;
using test::from_hex;
using test::to_hex;

namespace {

constexpr auto prefix = default_iris_prefix;

std::string framed(std::string_view rest) {
  return std::string{prefix} + std::string{rest};
}

/// What a client's frame with the prefix and `rest` says; its views are valid until the next call.
result<iris_message, refusal> read(std::string_view rest) {
  static std::string content;
  content = framed(rest);
  return decode_iris(prefix, as_bytes(content));
}

iris_value value_in(std::string_view rest) {
  const auto message = read(rest);
  REQUIRE(message);
  return value_of(*message);
}

std::string encoded(std::string_view event, const iris_value& value) {
  return std::string{as_text(to_iris_bytes(prefix, event, value))};
}

} // namespace

TEST_CASE("iris codec: L01 prefix, event, type digit, data", "[protocol][iris]") {
  const auto wire = from_hex("697269732d776562736f636b65742d6d6573736167653a696e743b313b3432");
  CHECK(as_text(wire) == framed("int;1;42"));
  const auto message = decode_iris(prefix, wire);
  REQUIRE(message);
  CHECK(*message
        == iris_message{.event = "int", .type = iris_type::integer, .data = as_bytes("42")});
  const auto frame = encode_iris(prefix, "int", std::int64_t{42});
  CHECK(to_hex(frame->bytes()) == "811f" + to_hex(wire));
}

TEST_CASE("iris codec: L02 all types from clients", "[protocol][iris]") {
  CHECK(value_in("str;0;hello") == iris_value{std::string_view{"hello"}});
  CHECK(value_in("int;1;-7") == iris_value{std::int64_t{-7}});
  CHECK(value_in("bool;2;false") == iris_value{false});
  CHECK(value_in("bool;2;true") == iris_value{true});
  CHECK(value_in("bool;2;yes") == iris_value{false});
  CHECK(value_in(R"(json;4;{"a":1})") == iris_value{iris_json{R"({"a":1})"}});
  CHECK(value_in("bytes;3;raw;bytes") == iris_value{iris_bytes{as_bytes("raw;bytes")}});
}

TEST_CASE("iris codec: L02 all types to clients", "[protocol][iris]") {
  CHECK(encoded("str", "hello") == framed("str;0;hello"));
  CHECK(encoded("left", true) == framed("left;2;true"));
  CHECK(encoded("left", false) == framed("left;2;false"));
  CHECK(encoded("bytes", iris_bytes{as_bytes("raw;bytes")}) == framed("bytes;3;raw;bytes"));
  CHECK(encoded("struct", iris_json{R"({"A":1,"B":"x;y"})"})
        == framed(R"(struct;4;{"A":1,"B":"x;y"})"));
  CHECK(encoded("float", 1.5) == framed("float;4;1.5"));
  CHECK(encoded("float", std::numeric_limits<double>::infinity()) == framed("float;4;null"));
  CHECK(encoded("none", std::monostate{}) == framed("none;0;"));
}

TEST_CASE("iris codec: L03 data may hold semicolons", "[protocol][iris]") {
  CHECK(value_in("str;0;a;b;c") == iris_value{std::string_view{"a;b;c"}});
  CHECK(value_in("str;0;;") == iris_value{std::string_view{";"}});
  CHECK(encoded("str", "a;b;c") == framed("str;0;a;b;c"));
  CHECK_FALSE(encode_iris(prefix, "s;tr", "x"));
  CHECK_FALSE(is_valid_iris_event("s;tr"));
}

TEST_CASE("iris codec: L04 without the prefix in front it is native", "[protocol][iris]") {
  const std::string contents[] = {"plain text",
                                  "",
                                  "M",
                                  " " + framed("str;0;x"),
                                  "iris-websocket-message",
                                  "iris-websocket-message;str;0;x"};
  for (const auto& content : contents) {
    CAPTURE(content);
    const auto message = decode_iris(prefix, as_bytes(content));
    REQUIRE(message);
    CHECK(*message == iris_message{.is_native = true, .data = as_bytes(content)});
  }
  CHECK(to_hex(encode_iris_native(as_bytes("plain"))->bytes())
        == "8105" + to_hex(as_bytes("plain")));
}

TEST_CASE("iris codec: L05 integers are sent as decimal digits", "[protocol][iris]") {
  using limits = std::numeric_limits<std::int64_t>;
  CHECK(encoded("int", std::int64_t{0}) == framed("int;1;0"));
  CHECK(encoded("int", std::int64_t{-7}) == framed("int;1;-7"));
  CHECK(encoded("int", limits::max()) == framed("int;1;9223372036854775807"));
  CHECK(encoded("int", limits::min()) == framed("int;1;-9223372036854775808"));
}

TEST_CASE("iris codec: L06 numbers that are no integers are understood", "[protocol][iris]") {
  CHECK(value_in("e;1;1.5") == iris_value{1.5});
  CHECK(value_in("e;1;1e+21") == iris_value{1e21});
  CHECK(value_in("e;1;-.5") == iris_value{-0.5});
  CHECK(value_in("e;1;9223372036854775808") == iris_value{9223372036854775808.0});
  CHECK(value_in("e;1;Infinity") == iris_value{std::numeric_limits<double>::infinity()});
  CHECK(value_in("e;1;true") == iris_value{true});
  CHECK(value_in("e;1; +42 ") == iris_value{std::int64_t{42}});
  CHECK(value_in("e;1;007") == iris_value{std::int64_t{7}});
}

TEST_CASE("iris codec: L06 whatever else is of type 1 arrives as text", "[protocol][iris]") {
  for (const std::string_view data : {"Sat Nov 21 2026 06:19:47 GMT+0000 (UTC)", "0x10", "nan",
                                      "inf", "+", "-", "1e999", "1,5", "TRUE", "5 6", " "}) {
    CAPTURE(data);
    CHECK(value_in("e;1;" + std::string{data}) == iris_value{data});
  }
}

TEST_CASE("iris codec: L07 empty data is delivered", "[protocol][iris]") {
  CHECK(value_in("str;0;") == iris_value{std::string_view{}});
  CHECK(value_in("int;1;") == iris_value{});
  CHECK(value_in("bool;2;") == iris_value{false});
  CHECK(value_in("json;4;") == iris_value{});
  CHECK(value_in("json;4;null") == iris_value{iris_json{"null"}});
  CHECK(value_in("bytes;3;") == iris_value{iris_bytes{}});
}

TEST_CASE("iris codec: L08 malformed events are refused with the place", "[protocol][iris]") {
  struct row {
    std::string_view rest;
    std::size_t offset; ///< behind the prefix
  };
  for (const auto& [rest, offset] : {row{"", 0}, row{"str", 3}, row{"str;", 4}, row{"str;5;x", 4},
                                     row{"str;/;x", 4}, row{"str;x;1", 4}, row{"str;;x", 4},
                                     row{"str;0", 5}, row{"str;01;x", 5}, row{"\xff;0;x", 0}}) {
    CAPTURE(rest);
    const auto message = read(rest);
    REQUIRE_FALSE(message);
    CHECK(message.error().code == errc::malformed_message);
    CHECK(message.error().offset == prefix.size() + offset);
    CHECK_FALSE(message.error().reason.empty());
  }
}

TEST_CASE("iris codec: L09 data of binary frames may be any bytes", "[protocol][iris]") {
  const auto message = read("e;0;\xff\x80");
  REQUIRE(message);
  CHECK(to_hex(message->data) == "ff80");
}

TEST_CASE("iris codec: L10 the prefix is a setting", "[protocol][iris]") {
  const std::string_view other = "go-websocket-message:";
  const auto message = decode_iris(other, as_bytes("go-websocket-message:chat;0;hi"));
  REQUIRE(message);
  CHECK(message->event == "chat");
  CHECK(decode_iris("a;b:", as_bytes("a;b:chat;0;hi"))->event == "chat");
  const auto theirs = framed("chat;0;hi");
  CHECK(decode_iris(other, as_bytes(theirs))->is_native);
  CHECK(as_text(to_iris_bytes(other, "chat", "hi")) == "go-websocket-message:chat;0;hi");
}

TEST_CASE("iris codec: L10 prefixes fit into the script", "[protocol][iris]") {
  for (const std::string_view good : {"iris-websocket-message:", "x", "a;b", "\xc3\xa4:"})
    CHECK(is_valid_iris_prefix(good));
  for (const std::string_view bad : {"", "a\nb", "a\"b", "a'b", "a\\b", "a`b", "\xc3"})
    CHECK_FALSE(is_valid_iris_prefix(bad));
}

TEST_CASE("iris codec: L11 everything can be sent as binary", "[protocol][iris]") {
  constexpr std::byte text_frame{0x81};
  constexpr std::byte binary_frame{0x82};
  CHECK(encode_iris(prefix, "e", "x")->bytes()[0] == text_frame);
  CHECK(encode_iris(prefix, "e", "x", opcode::binary)->bytes()[0] == binary_frame);
  CHECK(encode_iris_native(as_bytes("x"), opcode::binary)->bytes()[0] == binary_frame);
  // Browsers hang up on text that is not UTF-8.
  CHECK(encode_iris(prefix, "e", iris_bytes{as_bytes("\xff")})->bytes()[0] == binary_frame);
  CHECK(encode_iris_native(as_bytes("\xff"))->bytes()[0] == binary_frame);
}
