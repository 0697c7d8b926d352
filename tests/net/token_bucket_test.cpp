#include "net/token_bucket.hpp"

#include "tests/support/catch.hpp"

#include <random>

using namespace std::chrono_literals;
using troupe::net::time_point;
using troupe::net::token_bucket;

namespace {

const time_point start = time_point{} + 1h;

} // namespace

TEST_CASE("token_bucket: allows a burst and then the rate", "[net][token_bucket]") {
  token_bucket bucket;
  for (int i = 0; i < 5; ++i)
    CHECK(bucket.take(1, 10, 5, start));
  CHECK(!bucket.take(1, 10, 5, start));
  CHECK(!bucket.take(1, 10, 5, start + 99ms));
  CHECK(bucket.take(1, 10, 5, start + 101ms));
  CHECK(!bucket.take(1, 10, 5, start + 102ms));
}

TEST_CASE("token_bucket: a refusal takes nothing", "[net][token_bucket]") {
  token_bucket bucket;
  CHECK(bucket.take(4, 10, 5, start));
  CHECK(!bucket.take(2, 10, 5, start));
  CHECK(bucket.used() == Approx(4));
  CHECK(bucket.take(1, 10, 5, start));
}

TEST_CASE("token_bucket: a rate of 0 is unlimited", "[net][token_bucket]") {
  token_bucket bucket;
  for (int i = 0; i < 1'000; ++i)
    REQUIRE(bucket.take(1e9, 0, 1, start));
}

TEST_CASE("token_bucket: never more than rate times time plus burst", "[net][token_bucket]") {
  auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  token_bucket bucket;
  auto now = start;
  double taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    now += std::chrono::microseconds{random() % 3'000};
    auto cost = 1 + static_cast<double>(random() % 8);
    if (bucket.take(cost, 100, 20, now))
      taken += cost;
    auto passed = std::chrono::duration<double>(now - start).count();
    REQUIRE(taken <= 100 * passed + 20 + 1e-6);
  }
  auto passed = std::chrono::duration<double>(now - start).count();
  CHECK(taken > 0.9 * 100 * passed); // and not much less
}

TEST_CASE("token_bucket: who keeps the rate is never refused", "[net][token_bucket]") {
  auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  token_bucket bucket;
  auto now = start;
  for (int second = 0; second < 200; ++second) {
    // A conforming client: at most 100 in any second, however bunched.
    auto count = 100 - random() % 3;
    for (std::size_t i = 0; i < count; ++i)
      REQUIRE(bucket.take(1, 100, 100, now + std::chrono::microseconds{i}));
    now += 1s;
  }
}
