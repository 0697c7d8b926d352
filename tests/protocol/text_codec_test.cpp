#include "troupe/text_codec.hpp"

#include "troupe/describe.hpp"
#include "troupe/handler.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <stdexcept>

using namespace troupe;
using troupe::test::to_hex;

namespace {

/// "3.1" on every wire.
struct version {
  int major_part = 0;
  int minor_part = 0;
  friend bool operator==(const version&, const version&) = default;
};

struct release {
  std::string name;
  version number;
};
BOOST_DESCRIBE_STRUCT(release, (), (name, number))

/// Described, and with a codec that counts more.
struct mood {
  int level = 0;
};
BOOST_DESCRIBE_STRUCT(mood, (), (level))

} // namespace

template <>
struct troupe::text_codec<version> {
  static version from_text(std::string_view text) {
    if (text.size() != 3 || text[1] != '.')
      throw std::invalid_argument{"a version looks like 3.1"};
    return {text[0] - '0', text[2] - '0'};
  }
  static std::string to_text(const version& from) {
    return std::to_string(from.major_part) + '.' + std::to_string(from.minor_part);
  }
};

template <>
struct troupe::text_codec<mood> {
  static mood from_text(std::string_view text) { return {static_cast<int>(text.size())}; }
  static std::string to_text(const mood& from) {
    return std::string(static_cast<std::size_t>(from.level), '!');
  }
};

namespace {

struct context {};

handler_outcome call(payload_view from) {
  context here;
  const auto next = [](version v) { return version{v.major_part, v.minor_part + 1}; };
  return invoke_handler(next, here, from);
}

} // namespace

TEST_CASE("text_codec: the only argument is sent as its text", "[protocol][text_codec]") {
  const auto sent = make_payload(version{3, 1});
  CHECK(sent.kind == content_kind::text);
  CHECK(as_text(sent.bytes) == "3.1");
}

TEST_CASE("text_codec: among others it is a text in msgpack", "[protocol][text_codec]") {
  CHECK(to_hex(make_payload(version{3, 1}, 7).bytes) == "92a3332e3107");
  CHECK(to_hex(make_payload(std::vector<version>{{1, 2}}).bytes) == "9191a3312e32");
  CHECK(to_hex(make_payload(release{"a", {1, 2}}).bytes)
        == "9182a46e616d65a161a66e756d626572a3312e32");
}

TEST_CASE("text_codec: handlers read it from texts and typed arguments", "[protocol][text_codec]") {
  const auto expected = make_text("3.2");
  CHECK(call(make_text("3.1")).reply == expected);
  CHECK(call(make_payload("3.1")).reply == expected);
  const auto both = make_payload(version{3, 1}, release{"a", {4, 5}});
  const auto read = unpack_args<std::tuple<version, release>>(both);
  REQUIRE(read);
  CHECK(std::get<0>(*read) == version{3, 1});
  CHECK(std::get<1>(*read).number == version{4, 5});
}

TEST_CASE("text_codec: JSON holds it as a string", "[protocol][text_codec]") {
  const auto read = unpack_args<std::tuple<release>>(make_text(R"({"name":"a","number":"4.5"})"));
  REQUIRE(read);
  CHECK(std::get<0>(*read).number == version{4, 5});
}

TEST_CASE("text_codec: a text it cannot read is refused in its words", "[protocol][text_codec]") {
  CHECK(call(make_text("new")).text == "argument 1: a version looks like 3.1");
  CHECK(call(make_text("new")).code == errc::bad_arguments);
  CHECK(call(make_payload("new")).text == "argument 1: a version looks like 3.1");
  CHECK(call(make_payload(3)).text == "argument 1: expected text, got 3");
  CHECK(call(make_payload(std::vector{"3.1"})).text == "argument 1: expected text, got array of 1");
}

TEST_CASE("text_codec: it counts more than a description", "[protocol][text_codec]") {
  CHECK(as_text(make_payload(mood{2}).bytes) == "!!");
  CHECK(to_hex(make_payload(mood{2}, 0).bytes) == "92a2212100");
  CHECK(std::get<0>(*unpack_args<std::tuple<mood>>(make_payload("abc"))).level == 3);
}
