#include "troupe/game/schema.hpp"

#include "tests/support/arena_state.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace troupe;
using namespace troupe::game;
using namespace troupe::test;

namespace {

struct probe {
  float speed = 0;
};
BOOST_DESCRIBE_STRUCT(probe, (), (speed))

struct tree {
  std::uint8_t leaf = 0;
  std::vector<tree> branches;
};
BOOST_DESCRIBE_STRUCT(tree, (), (leaf, branches))

state_schema schema_with(schema_type type) {
  return {{{"probe", {{"speed", std::move(type)}}}}};
}

bool is_refused(const state_schema& schema) {
  return !decode_schema(encode_schema(schema));
}

} // namespace

TEST_CASE("schema: comes back from its bytes", "[game][schema]") {
  const auto schema = schema_of<battle>();
  CHECK(schema.records.size() == 6);
  const auto again = decode_schema(encode_schema(schema));
  REQUIRE(again);
  CHECK(*again == schema);
  CHECK(schema_difference(schema, *again).empty());
}

TEST_CASE("schema: structures may contain lists of themselves", "[game][schema]") {
  const auto schema = schema_of<tree>();
  REQUIRE(schema.records.size() == 1);
  CHECK(schema.records[0].fields[1].type.element[0].record == 0);
  CHECK(decode_schema(encode_schema(schema)));
}

TEST_CASE("schema: the fingerprint tells schemas apart", "[game][schema]") {
  CHECK(schema_fingerprint(encode_schema(schema_of<probe>())) == 0x30EC80D658A510A1);
  CHECK(schema_fingerprint(encode_schema(schema_of<battle>()))
        != schema_fingerprint(encode_schema(schema_of<tree>())));
  CHECK(schema_fingerprint({}) == 0xCBF29CE484222325);
}

TEST_CASE("schema: the difference names the member", "[game][schema]") {
  const auto here = schema_of<battle>();
  const auto change = [&](auto with) {
    auto there = here;
    with(there);
    CHECK(schema_difference(here, there) != schema_difference(there, here));
    return schema_difference(here, there);
  };
  CHECK(change([](auto& there) { there.records[0].fields[1].type.width = 64; })
        == "wind is a real of 32 bits here and a real of 64 bits there");
  CHECK(change([](auto& there) { there.records[0].fields.pop_back(); })
        == "bullets exists only here");
  CHECK(change([](auto& there) { there.records[1].fields[0].name = "label"; })
        == "fighters.name stands where label is there");
  CHECK(change([](auto& there) { there.records[2].fields[0].type.steps = 8; })
        == "bullets.x is a number from -100 to 100 with 10 steps per unit here and a number from "
           "-100 to 100 with 8 steps per unit there");
  CHECK(change([](auto& there) { there.records[1].fields[4].type.choices[2] = "black"; })
        == "fighters.team can be blue here where it can be black there");
  CHECK(change([](auto& there) { there.records[1].name = "ship"; })
        == "fighters is a fighter here and a ship there");
}

TEST_CASE("schema: bytes that are none are refused", "[game][schema]") {
  const auto bytes = encode_schema(schema_of<battle>());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(decode_schema(byte_view{bytes}.first(size)));
  CHECK(is_refused({}));
  CHECK(is_refused(schema_with({.kind = field_kind::natural, .width = 7})));
  CHECK(is_refused(schema_with({.kind = field_kind::real, .width = 16})));
  CHECK(is_refused(schema_with({.kind = field_kind::angle, .width = 25})));
  CHECK(is_refused(schema_with({.kind = field_kind::whole, .low = 2, .high = 2})));
  CHECK(is_refused(schema_with({.kind = field_kind::ranged, .low = 0, .high = 9, .steps = 0})));
  CHECK(is_refused(schema_with({.kind = field_kind::choice})));
  CHECK(is_refused(schema_with({.kind = field_kind::map, .record = 1})));
  CHECK(is_refused(schema_with({.kind = field_kind::record, .record = 0})));
  CHECK_FALSE(is_refused(schema_with({.kind = field_kind::angle, .width = 24})));
}

TEST_CASE("schema: TypeScript has an interface for each record", "[game][schema]") {
  const auto text = to_typescript(schema_of<battle>());
  CHECK(text.find("export interface fighter {\n  name: string;\n  place: spot;\n"
                  "  heading: number;\n  health: number;\n  team: \"red\" | \"green\" | \"blue\";\n"
                  "  is_alive: boolean;\n  score: number;\n  wealth: number | bigint;\n"
                  "  mass: number;\n  items: Array<item>;\n  spells: Map<number, spell>;\n}")
        != std::string::npos);
  CHECK(text.find("rows: Array<Array<number>>;") != std::string::npos);
  CHECK(text.find("fighters: Map<number, fighter>;") != std::string::npos);
}
