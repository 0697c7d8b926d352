#include "game/open_rooms.hpp"

#include "troupe/game/random.hpp"

#include "tests/support/catch.hpp"

#include <cmath>
#include <deque>
#include <string>
#include <vector>

using namespace troupe::game;

namespace {

/// The ages of all that fit.
std::vector<std::uint64_t> fitting(const open_rooms::ordered& from, const room_filter& wanted) {
  std::vector<std::uint64_t> result;
  for (const auto& each : from)
    if (fits(each.room->metadata, wanted))
      result.push_back(each.age);
  return result;
}

metadata_value some_value(random_source& numbers) {
  switch (numbers.below(5)) {
  case 0:
    return numbers.below(3);
  case 1:
    return static_cast<double>(numbers.below(3));
  case 2:
    return numbers.below(2) == 0;
  case 3:
    return std::to_string(numbers.below(3));
  default:
    return -0.0;
  }
}

} // namespace

TEST_CASE("open_rooms: a filter sees what it would see among all", "[game][open_rooms]") {
  random_source numbers{7};
  open_rooms all;
  std::deque<listing> rooms;
  std::vector<open_rooms::entry> in;
  for (std::uint64_t age = 1; age <= 300; ++age) {
    auto& made = rooms.emplace_back();
    for (const auto* key : {"a", "b"})
      if (numbers.below(4) != 0)
        made.metadata[key] = some_value(numbers);
    in.push_back({numbers.below(4), age, &made});
    all.add(in.back());
    if (numbers.below(3) == 0) {
      const auto gone =
          in.begin()
          + static_cast<std::ptrdiff_t>(numbers.below(static_cast<std::uint32_t>(in.size())));
      all.remove(*gone);
      all.remove(*gone);
      in.erase(gone);
    }
    room_filter wanted{{"a", some_value(numbers)}};
    if (numbers.below(2) == 0)
      wanted.push_back({"b", some_value(numbers), comparison::at_least});
    if (numbers.below(2) == 0)
      wanted.push_back({"b", some_value(numbers)});
    REQUIRE(fitting(all.candidates(wanted), wanted) == fitting(all.candidates({}), wanted));
  }
  CHECK(all.candidates({}).size() == in.size());
}

TEST_CASE("open_rooms: the rooms of other filters are not looked at", "[game][open_rooms]") {
  open_rooms all;
  std::deque<listing> rooms;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    rooms.emplace_back().metadata = {{"mode", "any"}, {"level", i}};
    all.add({1, i, &rooms.back()});
  }
  CHECK(all.candidates({{"mode", "any"}, {"level", 7.0}}).size() == 1);
  CHECK(all.candidates({{"level", 1'000}}).empty());
  CHECK(all.candidates({{"level", std::nan("")}}).empty());
  CHECK(all.candidates({{"level", 7, comparison::at_least}}).size() == 1'000);
}
