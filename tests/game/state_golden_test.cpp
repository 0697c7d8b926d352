#include "troupe/game/state_json.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/state_script.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <sstream>

using namespace troupe;
using namespace troupe::game;
using namespace troupe::test;

namespace {

const boost::json::object& golden() {
  static const auto file = [] {
    std::ifstream in{TROUPE_SOURCE_DIR "/tests/golden/state.json"};
    std::stringstream text;
    text << in.rdbuf();
    return boost::json::parse(text.str()).as_object();
  }();
  return file;
}

std::vector<std::byte> bytes_of(const boost::json::value& row) {
  return from_hex(std::string{row.at("bytes").as_string()});
}

template <class Check>
void for_each(const char* list, Check check) {
  for (const auto& row : golden().at(list).as_array()) {
    CAPTURE(std::string{row.at("name").as_string()});
    check(row);
  }
}

} // namespace

TEST_CASE("golden state: the schema and its fingerprint", "[game][golden]") {
  const auto schema = encode_schema(schema_of<battle>());
  CHECK(to_hex(schema) == golden().at("schema").as_string());
  CHECK(std::stoull(std::string{golden().at("fingerprint").as_string()}, nullptr, 16)
        == schema_fingerprint(schema));
}

TEST_CASE("golden state: the publisher makes the bytes", "[game][golden]") {
  const auto script = play_script();
  REQUIRE(script.size() == golden().at("steps").as_array().size());
  auto step = script.begin();
  for_each("steps", [&](const boost::json::value& row) {
    CHECK(to_hex(step->bytes) == row.at("bytes").as_string());
    ++step;
  });
}

TEST_CASE("golden state: the mirror reads the bytes", "[game][golden]") {
  battle state;
  untyped_mirror mirror{record_of<battle>(), &state};
  for_each("steps", [&](const boost::json::value& row) {
    std::vector<state_change> changes;
    const auto outcome =
        mirror.apply(bytes_of(row), [&](const auto& change) { changes.push_back(change); });
    REQUIRE(outcome);
    CHECK(*outcome == mirror_outcome::applied);
    CHECK(mirror.tick() == row.at("tick").to_number<tick_number>());
    CHECK(boost::json::parse(game::to_json(state)) == row.at("state"));
    CHECK(boost::json::parse(troupe::test::to_json(changes)) == row.at("changes"));
  });
}

TEST_CASE("golden state: the mirror refuses what must be refused", "[game][golden]") {
  battle state;
  untyped_mirror mirror{record_of<battle>(), &state};
  const auto ignore = [](const state_change&) {};
  for_each("steps", [&](const auto& row) { REQUIRE(mirror.apply(bytes_of(row), ignore)); });
  const auto before = codes_of(state);
  for_each("refusals", [&](const auto& row) {
    const auto outcome = mirror.apply(bytes_of(row), ignore);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == errc::malformed_message);
    CHECK(outcome.error().reason.size() > 10);
    CHECK(codes_of(state) == before);
  });
}

TEST_CASE("golden state: bad schemas are refused", "[game][golden]") {
  for_each("bad_schemas", [](const auto& row) { CHECK_FALSE(decode_schema(bytes_of(row))); });
}
