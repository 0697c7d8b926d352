#include "troupe/game/random.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <numeric>
#include <vector>

using troupe::game::random_source;

TEST_CASE("random_source: gives the published numbers of PCG32", "[game][random]") {
  random_source numbers{42, 54};
  const std::array<std::uint32_t, 6> published{0xa15c02b7, 0x7b47f409, 0xba1d3330,
                                               0x83d2f293, 0xbfa4784b, 0xcbed606e};
  for (const auto each : published)
    CHECK(numbers() == each);
}

TEST_CASE("random_source: a copy continues with the same numbers", "[game][random]") {
  random_source first{7};
  first();
  auto second = first;
  CHECK(first == second);
  CHECK(first.bits64() == second.bits64());
  second();
  CHECK(first != second);
}

TEST_CASE("random_source: integers stay in their range and reach all of it", "[game][random]") {
  random_source numbers{3};
  std::array<int, 7> hits{};
  for (int i = 0; i < 7'000; ++i)
    ++hits[numbers.below(7)];
  for (const auto each : hits)
    CHECK((each > 800 && each < 1'200));
  CHECK(numbers.below(0) == 0);
  CHECK(numbers.below(1) == 0);
  for (int i = 0; i < 100; ++i) {
    const auto drawn = numbers.between(-2, 2);
    CHECK((drawn >= -2 && drawn <= 2));
  }
}

TEST_CASE("random_source: unit numbers are at least 0, less than 1, and spread evenly", "[game][random]") {
  random_source numbers{9};
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto drawn = numbers.unit();
    REQUIRE((drawn >= 0 && drawn < 1));
    sum += drawn;
  }
  CHECK(sum / 10'000 == Approx(0.5).margin(0.02));
  CHECK(!numbers.chance(0));
  CHECK(numbers.chance(1));
}

TEST_CASE("random_source: shuffling keeps the elements", "[game][random]") {
  random_source numbers{1};
  std::vector<int> cards(52);
  std::iota(cards.begin(), cards.end(), 0);
  const auto sorted = cards;
  numbers.shuffle(cards);
  CHECK(cards != sorted);
  std::sort(cards.begin(), cards.end());
  CHECK(cards == sorted);
}
