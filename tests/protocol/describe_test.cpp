#include "troupe/describe.hpp"

#include "troupe/arguments.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <map>

using namespace troupe;
using troupe::test::from_hex;
using troupe::test::to_hex;

namespace {

struct vec {
  float x = 0;
  float y = 0;
  friend bool operator==(const vec&, const vec&) = default;
};
BOOST_DESCRIBE_STRUCT(vec, (), (x, y))

struct entity {
  std::uint64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(entity, (), (id))

struct player : entity {
  std::string name;
  std::vector<vec> path;
  std::optional<int> team;
};
BOOST_DESCRIBE_STRUCT(player, (entity), (name, path, team))

struct nothing {};
BOOST_DESCRIBE_STRUCT(nothing, (), ())

template <class T>
T received(const payload& from) {
  const auto values = unpack_args<std::tuple<T>>(from);
  REQUIRE(values);
  return std::get<0>(*values);
}

template <class T, class... Args>
std::string told(const Args&... args) {
  const auto values = unpack_args<std::tuple<T>>(make_payload(args...));
  return values ? "" : values.error().text;
}

} // namespace

TEST_CASE("describe: structures travel as maps", "[protocol][describe]") {
  CHECK(to_hex(make_payload(vec{1, 2}).bytes) == "9182a178ca3f800000a179ca40000000");
  CHECK(received<vec>(make_payload(vec{1, 2})) == vec{1, 2});
  CHECK(received<std::vector<vec>>(make_payload(std::vector<vec>(3, vec{1, 2}))).size() == 3);
  CHECK(told<nothing>(nothing{}) == "");
}

TEST_CASE("describe: bases, containers and optionals are members", "[protocol][describe]") {
  player sent;
  sent.id = 7;
  sent.name = "ann";
  sent.path = {{1, 2}, {3, 4}};
  const auto copy = received<player>(make_payload(sent));
  CHECK(copy.id == 7);
  CHECK(copy.name == "ann");
  CHECK(copy.path == sent.path);
  CHECK_FALSE(copy.team);
}

TEST_CASE("describe: arrays in the order of the members are accepted", "[protocol][describe]") {
  CHECK(received<vec>(make_payload(std::tuple{1, 2.5})) == vec{1, 2.5F});
  CHECK(told<vec>(std::vector<int>{1}).ends_with("vec, got array of 1"));
  CHECK(told<vec>(std::tuple{1, "y"})
        == "argument 1, member y: expected number in the range of a 32-bit float, got text");
}

TEST_CASE("describe: keys may come in any order, with others between", "[protocol][describe]") {
  const auto bytes = from_hex("9183a17902a3616e799181a161c0a17801");
  CHECK(received<vec>({bytes, content_kind::arguments}) == vec{1, 2});
}

TEST_CASE("describe: missing and doubled members are refused", "[protocol][describe]") {
  CHECK(told<vec>(std::map<std::string, int>{{"x", 1}})
        == "argument 1, member y: expected number in the range of a 32-bit float, got nothing");
  CHECK(told<vec>(std::multimap<std::string, int>{{"x", 1}, {"x", 2}, {"y", 1}})
        == "argument 1, member x: expected one value, got two");
  CHECK(told<vec>(std::map<int, int>{{1, 1}}) == "argument 1, key 1: expected text, got 1");
  CHECK(told<vec>("x").ends_with("vec, got text"));
}

TEST_CASE("describe: errors name the path to the member", "[protocol][describe]") {
  const auto bytes = from_hex("91 83 a2 6964 01 a4 6e616d65 a0 a4 70617468 92 920102 9101");
  const auto values = unpack_args<std::tuple<player>>({bytes, content_kind::arguments});
  REQUIRE_FALSE(values);
  CHECK(values.error().text.starts_with("argument 1, member path, element 2: expected "));
}
