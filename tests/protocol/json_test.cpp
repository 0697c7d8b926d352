#include "troupe/json.hpp"

#include "troupe/payload.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <array>
#include <limits>
#include <map>

using namespace troupe;
using troupe::test::from_hex;
using troupe::test::to_hex;

namespace {

/// The msgpack of a JSON text in hex, or why there is none.
std::string packed(std::string_view text, payload_limits limits = {}) {
  const auto value = json_to_msgpack(text, limits);
  return value ? to_hex(*value) : value.error().text();
}

errc code_of(std::string_view text, payload_limits limits = {}) {
  const auto value = json_to_msgpack(text, limits);
  return value ? errc::ok : value.error().code;
}

/// A value as JSON, or why it has no such form.
std::string written(byte_view value) {
  const auto text = msgpack_to_json(value);
  return text ? *text : text.error().text();
}

template <class T>
std::string shown(const T& value) {
  return written(byte_view{make_payload(value).bytes}.subspan(1));
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

// -- JSON to msgpack ----

TEST_CASE("json: each kind of value is read", "[protocol][json]") {
  CHECK(packed("null") == "c0");
  CHECK(packed(" true\n") == "c3");
  CHECK(packed("false") == "c2");
  CHECK(packed("5") == "05");
  CHECK(packed("-1") == "ff");
  CHECK(packed("\"hi\"") == "a26869");
  CHECK(packed("[]") == "90");
  CHECK(packed("{}") == "80");
  CHECK(packed(R"({"b":[1,{"c":null}],"a":"x"})") == "82a162920181a163c0a161a178");
  CHECK(packed("[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]") == "9f" + std::string(30, '0'));
  CHECK(packed("[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]") == "dc0010" + std::string(32, '0'));
}

TEST_CASE("json: a key that is there twice stays twice", "[protocol][json]") {
  CHECK(packed(R"({"a":1,"a":2})") == "82a16101a16102");
}

TEST_CASE("json: integers of 64 bits stay integers", "[protocol][json]") {
  CHECK(packed("18446744073709551615") == "cfffffffffffffffff");
  CHECK(packed("-9223372036854775808") == "d38000000000000000");
  CHECK(packed("18446744073709551616") == "cb43f0000000000000");
  CHECK(packed("-9223372036854775809") == "cbc3e0000000000000");
}

TEST_CASE("json: doubles are the nearest there are", "[protocol][json]") {
  CHECK(packed("0.1") == "cb3fb999999999999a");
  CHECK(packed("1.0") == "cb3ff0000000000000");
  CHECK(packed("2.5e3") == "cb40a3880000000000");
  CHECK(packed("5e-324") == "cb0000000000000001");
  CHECK(packed("1e-400") == "cb0000000000000000");
  CHECK(packed("-1e-400") == "cb8000000000000000");
  CHECK(packed("1.7976931348623157e308") == "cb7fefffffffffffff");
  CHECK(packed("9007199254740993.0") == "cb4340000000000000");
  CHECK(packed("7.2057594037927933e16") == "cb4370000000000000");
}

TEST_CASE("json: escapes and unicode are read as UTF-8", "[protocol][json]") {
  CHECK(packed(R"("\u00e9")") == "a2c3a9");
  CHECK(packed("\"\xC3\xA9\"") == "a2c3a9");
  CHECK(packed(R"("\ud83d\ude00")") == "a4f09f9880");
  CHECK(packed(R"("\u0000")") == "a100");
  CHECK(packed(R"("a\n\"\\\/\tz")") == "a7610a225c2f097a");
  CHECK(packed(R"({"\u006bey":0})") == "81a36b657900");
}

TEST_CASE("json: what is wrong is said with its place", "[protocol][json]") {
  CHECK(packed("") == "offset 0: the text ends too early");
  CHECK(packed("[1,") == "offset 3: the text ends too early");
  CHECK(packed("[1,]") == "offset 3: unexpected character");
  CHECK(packed(R"({"a" 1})") == "offset 5: unexpected character");
  CHECK(packed("1 2") == "offset 2: something follows the end");
  CHECK(packed("1e400") == "offset 5: the number is too large for a double");
  CHECK(code_of("1 2") == errc::malformed_message);
}

TEST_CASE("json: what RFC 8259 forbids is refused", "[protocol][json]") {
  const auto text = GENERATE(
      std::string{"NaN"}, std::string{"Infinity"}, std::string{"01"}, std::string{"+1"},
      std::string{".5"}, std::string{"5."}, std::string{"0x1"}, std::string{"1e"},
      std::string{"1e999999999999"}, std::string{"'a'"}, std::string{"{a:1}"}, std::string{"[1,]"},
      std::string{"//c\n1"}, std::string{"\"\n\""}, std::string{R"("\x")"}, std::string{"True"},
      std::string{R"("\ud800")"}, std::string{R"("\ude00")"}, std::string{"\"\xFF\""},
      std::string{"\"\xC0\x80\""}, std::string{"\"\xED\xA0\x80\""},
      std::string{"\xEF\xBB\xBF"
                  "1"},
      std::string{"1\0", 2}, std::string{"{1:2}"}, std::string{"[1}"}, std::string{"tru"});
  CAPTURE(text);
  CHECK(code_of(text) == errc::malformed_message);
}

TEST_CASE("json: depth and number of values are limited", "[protocol][json]") {
  CHECK(code_of(nested(16)) == errc::ok);
  CHECK(code_of(nested(17)) == errc::payload_too_deep);
  CHECK(code_of(std::string(100'000, '[')) == errc::payload_too_deep);
  CHECK(code_of("[1,2,3]", {.depth = 1, .nodes = 4}) == errc::ok);
  CHECK(code_of("[1,2,3]", {.depth = 1, .nodes = 3}) == errc::payload_too_complex);
  CHECK(code_of("[[]]", {.depth = 1, .nodes = 4}) == errc::payload_too_deep);
  CHECK(code_of(R"({"a":1,"b":2})", {.depth = 1, .nodes = 5}) == errc::ok);
  CHECK(code_of(R"({"a":1,"b":2})", {.depth = 1, .nodes = 4}) == errc::payload_too_complex);
  CHECK(code_of("1", {.depth = 0, .nodes = 1}) == errc::ok);
}

// -- msgpack to JSON ----

TEST_CASE("json: each kind of value is written", "[protocol][json]") {
  CHECK(shown(msgpack::type::nil_t{}) == "null");
  CHECK(shown(true) == "true");
  CHECK(shown(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(shown(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(shown(std::vector<int>{}) == "[]");
  CHECK(shown(std::vector<int>{1, -2}) == "[1,-2]");
  CHECK(shown(std::map<std::string, int>{{"a", 1}, {"b", 2}}) == R"({"a":1,"b":2})");
  CHECK(shown(std::map<int, bool>{{-1, true}}) == R"({"-1":true})");
}

TEST_CASE("json: floats are written with the fewest digits", "[protocol][json]") {
  CHECK(shown(0.1) == "0.1");
  CHECK(shown(0.1F) == "0.1");
  CHECK(shown(3.0) == "3");
  CHECK(shown(-0.0) == "0");
  CHECK(shown(1.7e12) == "1700000000000");
  CHECK(shown(1e20) == "100000000000000000000");
  CHECK(shown(1e21) == "1e+21");
  CHECK(shown(1e-6) == "0.000001");
  CHECK(shown(1e-7) == "1e-07");
  CHECK(shown(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
  CHECK(shown(std::numeric_limits<double>::quiet_NaN()) == "null");
  CHECK(shown(-std::numeric_limits<float>::infinity()) == "null");
}

TEST_CASE("json: texts are escaped where JSON wants it", "[protocol][json]") {
  CHECK(shown("a\"b\\c\b\f\n\r\t\x01\x1F\x7F/")
        == R"("a\"b\\c\b\f\n\r\t\u0001\u001f)"
           "\x7F/\"");
  CHECK(shown(std::string(1, '\0')) == R"("\u0000")");
  CHECK(shown("\xC3\xA9\xF0\x9F\x98\x80") == "\"\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST_CASE("json: bytes that are not UTF-8 become replacement characters", "[protocol][json]") {
  CHECK(shown("a\xFF\xC3\xA9\n\xE2\x82") == "\"a\uFFFD\u00E9\\n\uFFFD\uFFFD\"");
  CHECK(shown("\xED\xA0\x80") == "\"\uFFFD\uFFFD\uFFFD\"");
}

TEST_CASE("json: bytes are written as base64", "[protocol][json]") {
  CHECK(shown(as_bytes("")) == "\"\"");
  CHECK(shown(as_bytes("f")) == "\"Zg==\"");
  CHECK(shown(as_bytes("fo")) == "\"Zm8=\"");
  CHECK(shown(as_bytes("foo")) == "\"Zm9v\"");
  CHECK(shown(as_bytes("\xFB\xFF\xBE\xFF")) == "\"+/++/w==\"");
}

TEST_CASE("json: what has no form in JSON is refused", "[protocol][json]") {
  CHECK(written(from_hex("93 01 d40500 02"))
        == "offset 2: JSON has no form for msgpack's extension types");
  const auto key = GENERATE("81 c0 01", "81 c3 01", "81 90 01", "81 c400 01", "81 ca00000000 01");
  CHECK(written(from_hex(key))
        == "offset 1: keys of JSON objects are texts, or integers as their digits");
  CHECK(msgpack_to_json(from_hex(key)).error().code == errc::bad_arguments);
}

TEST_CASE("json: bytes that are not one msgpack value are refused", "[protocol][json]") {
  CHECK(msgpack_to_json({}).error().code == errc::malformed_message);
  CHECK(msgpack_to_json(from_hex("c1")).error().code == errc::malformed_message);
  CHECK(msgpack_to_json(from_hex("0101")).error().code == errc::malformed_message);
  CHECK(msgpack_to_json(from_hex("9101"), {.depth = 0, .nodes = 9}).error().code
        == errc::payload_too_deep);
}
