#include "net/address_meter.hpp"

#include "tests/support/catch.hpp"

#include <string>

using troupe::net::address_meter;
using troupe::net::time_point;
using namespace std::chrono_literals;

TEST_CASE("address_meter: each address has an allowance of its own", "[net][address_meter]") {
  address_meter meter;
  const time_point now{1s};
  CHECK(meter.take("a", 1, 2, now));
  CHECK(meter.take("a", 1, 2, now));
  CHECK_FALSE(meter.take("a", 1, 2, now));
  CHECK(meter.take("b", 1, 2, now));
  CHECK(meter.take("a", 1, 2, now + 1s));
  CHECK(meter.take("a", 0, 0, now));
}

TEST_CASE("address_meter: any number of addresses is a bounded number of entries",
          "[net][address_meter]") {
  address_meter meter;
  const time_point now{1s};
  for (std::size_t i = 0; i < 3 * address_meter::max_addresses; ++i)
    meter.take(std::to_string(i), 1, 2, now);
  CHECK(meter.size() <= address_meter::max_addresses);
}

TEST_CASE("address_meter: who has used its allowance is not forgotten for others",
          "[net][address_meter]") {
  address_meter meter;
  time_point now{1s};
  for (std::size_t i = 1; i < address_meter::max_addresses; ++i)
    meter.take(std::to_string(i), 1, 2, now);
  now += 60s;
  while (meter.take("busy", 1, 2, now))
    ;
  CHECK(meter.take("one more", 1, 2, now));
  CHECK(meter.size() == 2);
  CHECK_FALSE(meter.take("busy", 1, 2, now));
}
