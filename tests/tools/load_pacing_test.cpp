#include "tools/load_pacing.hpp"

#include "tests/support/catch.hpp"

#include <vector>

using namespace troupe::load;

namespace {
constexpr instant start{std::chrono::hours{1}};
}

TEST_CASE("pacing: messages are due at even distances from the start", "[tools][load]") {
  pacing schedule{40, 1, 1, 1};
  schedule.start(start);
  CHECK(schedule.next().due == start);
  schedule.advance();
  CHECK(schedule.next().due == start + std::chrono::milliseconds{25});
  schedule.advance();
  CHECK(schedule.next().due == start + std::chrono::milliseconds{50});
}

TEST_CASE("pacing: a rate that divides no second does not drift", "[tools][load]") {
  pacing schedule{3, 1, 1, 1};
  schedule.start(start);
  for (int message = 0; message < 3 * 3'600; ++message)
    schedule.advance();
  CHECK(schedule.next().due == start + std::chrono::hours{1});
}

TEST_CASE("pacing: a burst shares one due time and keeps the rate", "[tools][load]") {
  pacing schedule{100, 5, 2, 1};
  schedule.start(start);
  for (int message = 0; message < 5; ++message) {
    CHECK(schedule.next().due == start);
    schedule.advance();
  }
  CHECK(schedule.next().due == start + std::chrono::milliseconds{50});
}

TEST_CASE("pacing: senders take turns, each as often as the others", "[tools][load]") {
  pacing schedule{1'000, 1, 8, 42};
  schedule.start(start);
  std::vector<int> turns(8);
  for (int message = 0; message < 80; ++message) {
    ++turns[schedule.next().sender];
    schedule.advance();
  }
  CHECK(turns == std::vector<int>(8, 10));
}

TEST_CASE("pacing: the seed decides the order of the senders", "[tools][load]") {
  const auto order = [](std::uint64_t seed) {
    pacing schedule{1'000, 1, 16, seed};
    schedule.start(start);
    std::vector<std::uint32_t> senders;
    for (int message = 0; message < 16; ++message) {
      senders.push_back(schedule.next().sender);
      schedule.advance();
    }
    return senders;
  };
  CHECK(order(1) == order(1));
  CHECK(order(1) != order(2));
}
