#include "troupe/describe.hpp"
#include "troupe/handler.hpp"
#include "troupe/text_format.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <map>
#include <optional>

using namespace troupe;

namespace {

struct context {};

struct point {
  int x = 0;
  int y = 0;
};
BOOST_DESCRIBE_STRUCT(point, (), (x, y))

payload_view as_payload(std::string_view text) {
  return {as_bytes(text), content_kind::text};
}

/// What a handler answers to a client that sent `text`, or what the client is told instead.
template <class F>
std::string answer(F handler, std::string_view text) {
  context here;
  auto outcome = invoke_handler(handler, here, as_payload(text));
  if (outcome.code != errc::ok)
    return outcome.text;
  return std::get<0>(*unpack_args<std::tuple<std::string>>(*outcome.reply));
}

template <class F>
errc code_of(F handler, std::string_view text) {
  context here;
  return invoke_handler(handler, here, as_payload(text)).code;
}

std::string show(int number) {
  return std::to_string(number);
}

} // namespace

TEST_CASE("text: a text parameter is the text itself", "[protocol][text]") {
  const auto text = GENERATE("", "hello", "5", "[1,2]", "\"quoted\"", "null", " not JSON {");
  CHECK(answer([](std::string all) { return all; }, text) == text);
  CHECK(answer([](std::string_view all) { return all; }, text) == text);
  CHECK(answer([](const std::string& all) { return all; }, text) == text);
}

TEST_CASE("text: a byte container gets the bytes of the text", "[protocol][text]") {
  CHECK(answer([](byte_view all) { return std::string{as_text(all)}; }, "[1]") == "[1]");
  CHECK(answer(
            [](std::vector<char> all) {
              return std::string{all.data(), all.size()};
            },
            "ab")
        == "ab");
  CHECK(answer([](std::array<char, 2> all) { return std::string{all.data(), 2}; }, "ab") == "ab");
  CHECK(answer([](std::array<char, 2>) { return ""; }, "abc") == "expected 2 bytes, got 3");
}

TEST_CASE("text: an optional text is missing when it is empty", "[protocol][text]") {
  const auto handler = [](std::optional<std::string> all) { return all.value_or("nothing"); };
  CHECK(answer(handler, "") == "nothing");
  CHECK(answer(handler, "null") == "null");
  CHECK(answer(handler, "[x") == "[x");
}

TEST_CASE("text: a handler without parameters takes any text", "[protocol][text]") {
  CHECK(answer([] { return "called"; }, "") == "called");
  CHECK(answer([] { return "called"; }, "not JSON {") == "called");
}

TEST_CASE("text: a payload is given unchecked", "[protocol][text]") {
  const auto is_text = [](payload_view all) {
    return std::string{all.kind == content_kind::text ? as_text(all.bytes) : "no text"};
  };
  CHECK(answer(is_text, "{") == "{");
  CHECK(answer([](payload all) { return std::string{as_text(all.bytes)}; }, "{") == "{");
}

TEST_CASE("text: any other single parameter is the value of the JSON", "[protocol][text]") {
  using numbers = std::vector<int>;
  CHECK(answer(show, "5") == "5");
  CHECK(answer(show, " 5 ") == "5");
  CHECK(answer([](bool truth) { return truth ? "yes" : "no"; }, "true") == "yes");
  CHECK(answer([](double number) { return std::to_string(number); }, "2") == "2.000000");
  CHECK(answer([](numbers all) { return std::to_string(all.size()); }, "[1,2,3]") == "3");
  CHECK(answer([](std::tuple<int, std::string> all) { return std::get<1>(all); }, R"([1,"a"])")
        == "a");
  CHECK(answer([](std::map<std::string, int> all) { return show(all["b"]); }, R"({"a":1,"b":2})")
        == "2");
  CHECK(answer([](point at) { return show(at.x * 10 + at.y); }, R"({"y":2,"x":1})") == "12");
  CHECK(answer([](std::optional<int> number) { return show(number.value_or(-1)); }, "null")
        == "-1");
  CHECK(answer([](std::optional<int> number) { return show(number.value_or(-1)); }, "") == "-1");
}

TEST_CASE("text: several parameters are the elements of a JSON array", "[protocol][text]") {
  const auto two = [](std::string name, int count) { return name + show(count); };
  CHECK(answer(two, R"(["a",7])") == "a7");
  CHECK(answer(two, R"(["a",7,0])") == "expected 2 arguments, got 3");
  CHECK(answer(two, "7") == "expected 2 arguments, got 1");
  CHECK(answer(two, "") == "expected 2 arguments, got 0");
  const auto some = [](int a, std::optional<int> b) { return show(a + b.value_or(10)); };
  CHECK(answer(some, "[1,2]") == "3");
  CHECK(answer(some, "[1]") == "11");
  CHECK(answer(some, "1") == "11");
}

TEST_CASE("text: views of what was converted last as long as the call", "[protocol][text]") {
  const auto long_text = std::string(1'000, 'x');
  const auto text = "[\"" + long_text + R"(",["\u0061b"]])";
  const auto handler = [](std::string_view first, std::vector<std::string_view> rest) {
    return std::string{first}.append(rest.at(0));
  };
  CHECK(answer(handler, text) == long_text + "ab");
  CHECK(unpack_args<std::tuple<std::string_view, int>>(as_payload("[\"a\",1]")).error().text
        == "a text cannot be viewed as several arguments");
  std::vector<std::byte> converted;
  const auto held =
      unpack_args<std::tuple<std::string_view, int>>(as_payload("[\"a\",1]"), converted);
  REQUIRE(held);
  CHECK(std::get<0>(*held) == "a");
}

TEST_CASE("text: the client is told what was wrong with its text", "[protocol][text]") {
  CHECK(answer(show, "hello") == "the body is not JSON: unexpected character at byte 0");
  CHECK(answer(show, "[1,2") == "the body is not JSON: the text ends too early at byte 4");
  CHECK(answer(show, "\"5\"")
        == "argument 1: expected integer in -2147483648..2147483647, got text");
  CHECK(answer(show, "1.5")
        == "argument 1: expected integer in -2147483648..2147483647, got float 1.5");
  CHECK(answer(show, "") == "expected 1 argument, got 0");
  CHECK(answer([](point) { return ""; }, R"({"x":1})").starts_with("argument 1, member y: "));
  CHECK(code_of(show, "hello") == errc::bad_arguments);
  CHECK(code_of(show, std::string(17, '[')) == errc::payload_too_deep);
}

TEST_CASE("text: a text may be nested as deeply as other payloads", "[protocol][text]") {
  const auto handler = [](const msgpack::object_handle&) { return "read"; };
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(answer(handler, nested(15)) == "read");
  CHECK(code_of(handler, nested(16)) == errc::payload_too_deep);
}

TEST_CASE("text: the format can be replaced", "[protocol][text]") {
  const auto at_end = std::shared_ptr<void>{nullptr, [](void*) { use_text_format({}); }};
  use_text_format(
      {.name = "a count of characters", .to_msgpack = [](std::string_view text, payload_limits) {
         if (text == "?")
           return result<std::vector<std::byte>, refusal>{
               refusal{errc::malformed_message, 0, "a question"}};
         return result<std::vector<std::byte>, refusal>{
             std::vector{static_cast<std::byte>(text.size())}};
       }});
  CHECK(answer(show, "hello") == "5");
  CHECK(answer(show, "?") == "the body is not a count of characters: a question at byte 0");
}
