#include "protocol/text_body.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <map>

using namespace troupe;
using namespace troupe::protocol;
using troupe::test::from_hex;

namespace {

template <class... Args>
std::string body_of(const Args&... args) {
  const auto content = make_payload(args...);
  const auto body = to_text_body(content);
  return (body.is_binary() ? "binary " : "") + std::string{as_text(body.bytes())};
}

/// What iris sends for `args`, with the kind in front.
struct show {
  std::string operator()(std::monostate) const { return "nothing"; }
  std::string operator()(std::string_view text) const { return "text " + std::string{text}; }
  std::string operator()(std::int64_t number) const { return "integer " + std::to_string(number); }
  std::string operator()(double number) const { return "float " + std::to_string(number); }
  std::string operator()(bool truth) const { return truth ? "true" : "false"; }
  std::string operator()(iris_bytes all) const {
    return "bytes " + std::string{as_text(all.bytes)};
  }
  std::string operator()(iris_json json) const { return "json " + std::string{json.text}; }
};

template <class... Args>
std::string iris_of(const Args&... args) {
  const auto content = make_payload(args...);
  std::string json;
  return std::visit(show{}, to_iris_value(content, json));
}

} // namespace

TEST_CASE("text_body: the only text or bytes travel as they are", "[protocol][text_body]") {
  CHECK(body_of() == "");
  CHECK(body_of("") == "");
  CHECK(body_of("hello") == "hello");
  CHECK(body_of("5") == "5");
  CHECK(body_of(as_bytes("\x01\xFF")) == "binary \x01\xFF");
  CHECK(body_of(raw_bytes{as_bytes("\x01\xFF")}) == "binary \x01\xFF");
  CHECK(body_of(make_text("[1")) == "[1");
}

TEST_CASE("text_body: everything else is JSON", "[protocol][text_body]") {
  CHECK(body_of(5) == "5");
  CHECK(body_of(2.5) == "2.5");
  CHECK(body_of(true) == "true");
  CHECK(body_of(msgpack::type::nil_t{}) == "null");
  CHECK(body_of(std::vector<int>{1, 2}) == "[1,2]");
  CHECK(body_of(std::vector<int>{}) == "[]");
  CHECK(body_of(std::map<std::string, int>{{"a", 1}}) == R"({"a":1})");
  CHECK(body_of(1, "two") == R"([1,"two"])");
  CHECK(body_of(as_bytes("foo"), 1) == R"(["Zm9v",1])");
}

TEST_CASE("text_body: what JSON cannot say is null", "[protocol][text_body]") {
  const auto content = payload{from_hex("91 d40500"), content_kind::arguments};
  CHECK(as_text(to_text_body(content).bytes()) == "null");
}

TEST_CASE("text_body: an array without elements says nothing", "[protocol][text_body]") {
  CHECK(to_text_body(payload{from_hex("90"), content_kind::arguments}).bytes().empty());
}

TEST_CASE("text_body: a copy owns the text that was made", "[protocol][text_body]") {
  auto first = to_text_body(make_payload(std::vector<int>{1}));
  const auto moved = std::move(first);
  const auto copy = moved;
  CHECK(as_text(copy.bytes()) == "[1]");
  CHECK(as_text(moved.bytes()) == "[1]");
}

TEST_CASE("text_body: iris learns the type of the one value", "[protocol][text_body]") {
  CHECK(iris_of() == "nothing");
  CHECK(iris_of("hello") == "text hello");
  CHECK(iris_of(make_text("hello")) == "text hello");
  CHECK(iris_of(-5) == "integer -5");
  CHECK(iris_of(std::numeric_limits<std::int64_t>::max()) == "integer 9223372036854775807");
  CHECK(iris_of(std::numeric_limits<std::uint64_t>::max()) == "json 18446744073709551615");
  CHECK(iris_of(2.5) == "float 2.500000");
  CHECK(iris_of(true) == "true");
  CHECK(iris_of(as_bytes("ab")) == "bytes ab");
  CHECK(iris_of(raw_bytes{as_bytes("ab")}) == "bytes ab");
  CHECK(iris_of(std::vector<int>{1, 2}) == "json [1,2]");
  CHECK(iris_of(1, "two") == R"(json [1,"two"])");
  CHECK(iris_of(msgpack::type::nil_t{}) == "json null");
}
